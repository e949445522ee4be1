import { AutoComplete, Form } from 'antd';
import { useId, useState } from 'react';
import { type TransferDirection, unneededToHandOver, unneededToImport } from '../../../domain/transfer-case.ts';
import { useCommand, useQueryOperation } from '../../app/backend.ts';
import { stepNames } from './case-row.ts';
import type { DialogProps } from './leaver-dialogs.tsx';
import { ChoiceField, StepDialog, TextField } from './step-dialog.tsx';

interface OfDirection extends DialogProps {
  direction: TransferDirection;
}

/** 無須交付 and 無須匯入: nothing has to be done, and why. */
export function UnneededDialog({ direction, cases, onClose, onDone }: OfDirection) {
  const mark = useCommand('transferCases.markUnneeded');
  const [toHandOver, setToHandOver] = useState<keyof typeof unneededToHandOver | null>(null);
  const [toImport, setToImport] = useState<keyof typeof unneededToImport | null>(null);
  const [remark, setRemark] = useState('');
  const reason = direction === 'out' ? toHandOver : toImport;
  const title = stepNames[direction].unneeded;
  const ids = cases.map(({ id }) => id);
  const record = async () => {
    const done =
      direction === 'out'
        ? toHandOver && (await mark.run({ direction, ids, reason: toHandOver, remark }))
        : toImport && toImport !== 'cityHasIt' && (await mark.run({ direction, ids, reason: toImport, remark }));
    if (done) onDone(`${done.studentIds.length} 位學生登記為${title}`);
  };
  return (
    <StepDialog
      title={title}
      confirmText={`${title}（${cases.length} 人）`}
      cases={cases}
      command={mark}
      complete={reason !== null && (reason !== 'other' || remark.trim() !== '')}
      note="登記後不再列入待辦；需要時可以在歷程「退回上一步」重新追蹤。"
      onConfirm={record}
      onClose={onClose}
    >
      {direction === 'out' ? (
        <ChoiceField label="原因" choices={unneededToHandOver} value={toHandOver} onChange={setToHandOver} />
      ) : (
        <ChoiceField label="原因" choices={unneededToImport} without={['cityHasIt']} value={toImport} onChange={setToImport} />
      )}
      <TextField label="備註" value={remark} onChange={setRemark} required={reason === 'other'} />
    </StepDialog>
  );
}

/** Where a leaver goes, or an arrival came from. A code that was named before brings its name. */
export function SchoolDialog({ direction, cases, onClose, onDone }: OfDirection) {
  const name = useCommand('transferCases.nameSchool');
  const known = useQueryOperation('transferCases.schools', { direction }).data?.schools ?? [];
  const [code, setCode] = useState(cases.length === 1 ? cases[0]!.schoolCode : '');
  const [schoolName, setSchoolName] = useState(cases.length === 1 ? cases[0]!.schoolName : '');
  const id = useId();
  const title = stepNames[direction].school;
  const wrong = code !== '' && !/^[0-9A-Z]{6}$/.test(code);
  const type = (typed: string) => {
    const normal = typed.normalize('NFKC').trim().toUpperCase();
    setCode(normal);
    const found = known.find((school) => school.code === normal);
    if (found) setSchoolName(found.name);
  };
  const record = async () => {
    const done = await name.run({ direction, ids: cases.map((one) => one.id), code, name: schoolName });
    if (done) onDone(`已登記 ${done.studentIds.length} 位學生的學校`);
  };
  return (
    <StepDialog
      title={title}
      confirmText="儲存學校"
      cases={cases}
      command={name}
      complete={!wrong && (code !== '' || schoolName.trim() !== '')}
      note="登記後以這裡為準，之後同步的學籍資料不會再改變它。"
      onConfirm={record}
      onClose={onClose}
    >
      <Form.Item label="學校代碼" htmlFor={id} extra="六碼英數字；不知道時可以只填名稱。" validateStatus={wrong ? 'warning' : undefined}>
        <AutoComplete
          id={id}
          aria-label="學校代碼"
          value={code}
          maxLength={6}
          options={known.map((school) => ({ value: school.code, label: `${school.code} ${school.name}` }))}
          onChange={type}
        />
      </Form.Item>
      <TextField label="學校名稱" value={schoolName} onChange={setSchoolName} placeholder="例如 市立測試高中" />
    </StepDialog>
  );
}
