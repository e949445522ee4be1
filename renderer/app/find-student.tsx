import { SearchOutlined } from '@ant-design/icons';
import { keepPreviousData } from '@tanstack/react-query';
import { App, Empty, Input, type InputRef, Modal, Skeleton } from 'antd';
import { type KeyboardEvent, useDeferredValue, useRef, useState } from 'react';
import { enrollmentStatusNames } from '../../domain/portfolio.ts';
import { ErrorNote } from '../components/error-note.tsx';
import { type QueryName, useQueryOperation } from './backend.ts';
import { mayUse, useOffice } from './session.ts';
import { useStudentList } from './student-list.ts';

type Found = { id: string; studentNumber: string; name: string; className: string; seatNumber: number | null; status: string };
const find = 'students.find' satisfies QueryName;

/** Ctrl+K: any part of a student's number, name, identity or class. Enter opens his cabinet; Ctrl+C copies the number. */
export function FindStudent({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { session } = useOffice();
  const { message } = App.useApp();
  const list = useStudentList();
  const mayOpen = mayUse(session, 'S0205S') || mayUse(session, 'S0206S');
  const input = useRef<InputRef>(null);
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const sought = useDeferredValue(text.normalize('NFKC').trim());
  const found = useQueryOperation(find, { text: sought }, { enabled: open && sought !== '', placeholderData: keepPreviousData });
  const rows: readonly Found[] = sought === '' ? [] : (found.data?.rows ?? []);
  const current = rows[Math.min(chosen, rows.length - 1)];

  const copy = (student: Found) => {
    navigator.clipboard.writeText(student.studentNumber).then(
      () => message.success(`已複製學號 ${student.studentNumber}`),
      () => message.warning(`無法複製，學號是 ${student.studentNumber}`),
    );
    onClose();
  };
  const choose = (student: Found) => {
    if (!mayOpen) return copy(student);
    onClose();
    list.open(student.id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown') setChosen((index) => Math.min(rows.length - 1, index + 1));
    else if (event.key === 'ArrowUp') setChosen((index) => Math.max(0, index - 1));
    else if (event.key === 'Enter' && current) choose(current);
    else if (event.key.toLowerCase() === 'c' && event.ctrlKey && current && window.getSelection()?.toString() === '') copy(current);
    else return;
    event.preventDefault();
  };

  return (
    <Modal
      open={open}
      onCancel={onClose}
      footer={null}
      closable={false}
      width={560}
      style={{ top: 72 }}
      destroyOnHidden
      title={null}
      aria-label="找學生"
      afterOpenChange={(opened) => (opened ? input.current?.focus() : setText(''))}
    >
      <div className="find-student">
        <Input
          ref={input}
          size="large"
          variant="borderless"
          prefix={<SearchOutlined aria-hidden />}
          placeholder="學號、姓名、身分證統一編號或班級的任何一部分"
          aria-label="找學生"
          role="combobox"
          aria-expanded={rows.length > 0}
          aria-controls="found-students"
          aria-activedescendant={current && `found-${current.id}`}
          value={text}
          maxLength={50}
          onChange={(event) => {
            setText(event.target.value);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
        />
        <ErrorNote error={found.error} onRetry={() => void found.refetch()} />
        {sought === '' && <p className="find-hint">{mayOpen ? 'Enter 開啟學習歷程檔案櫃，' : 'Enter 或 '}Ctrl+C 複製學號，Esc 關閉</p>}
        {sought !== '' && found.isPending && <Skeleton active title={false} paragraph={{ rows: 4 }} />}
        {sought !== '' && found.data && rows.length === 0 && (
          <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={`找不到「${sought}」；請試學號、姓名或班級的一部分`} />
        )}
        <div id="found-students" role="listbox" aria-label="找到的學生">
          {rows.map((student, index) => (
            <div
              key={student.id}
              id={`found-${student.id}`}
              role="option"
              tabIndex={-1}
              aria-selected={student === current}
              className={student === current ? 'found found-chosen' : 'found'}
              onPointerEnter={() => setChosen(index)}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => choose(student)}
              onKeyDown={onKeyDown}
            >
              <span className="found-name">{student.name}</span>
              <span className="figure">{student.studentNumber}</span>
              <span>
                {student.className}
                {student.seatNumber !== null && ` ${String(student.seatNumber).padStart(2, '0')} 號`}
              </span>
              <span className="muted">{enrollmentStatusNames[student.status as keyof typeof enrollmentStatusNames] ?? student.status}</span>
            </div>
          ))}
        </div>
        {rows.length === 20 && <p className="find-hint">只列出前 20 人，請多輸入幾個字</p>}
      </div>
    </Modal>
  );
}
