import { DownOutlined } from '@ant-design/icons';
import { Button, Dropdown, Modal, Radio, Select } from 'antd';
import { useId, useState } from 'react';
import { useViewedTerm } from '../../app/viewed-term.tsx';
import type { YearView } from './address.ts';
import type { Workbooks } from './workbooks.ts';

/** 匯出 ▾: the list, 學年期統計, and 學年度統計 of a year that is asked for (manual §3.8.1). */
export function ExportMenu({ workbooks, years }: { workbooks: Workbooks; years: readonly number[] }) {
  const { term } = useViewedTerm();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            { key: 'list', label: '匯出 EXCEL（學生名單）' },
            { key: 'classes', label: '學年期統計' },
            { key: 'year', label: '學年度統計…' },
          ],
          onClick: ({ key }) => {
            if (key === 'list') workbooks.exportList();
            else if (key === 'classes') workbooks.exportClasses();
            else setAsking(true);
          },
        }}
      >
        <Button loading={workbooks.running} icon={<DownOutlined aria-hidden />} iconPlacement="end">
          匯出
        </Button>
      </Dropdown>
      {asking && (
        <YearDialog
          years={years}
          begin={term.academicYear}
          onExport={(year, view) => {
            setAsking(false);
            workbooks.exportYear(year, view);
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}

interface YearDialogProps {
  years: readonly number[];
  begin: number;
  onExport: (year: number, view: YearView) => void;
  onClose: () => void;
}

/** The manual's dialog, and whether a row is a class or a student. */
function YearDialog({ years, begin, onExport, onClose }: YearDialogProps) {
  const id = useId();
  const [year, setYear] = useState(begin);
  const [view, setView] = useState<YearView>('class');
  return (
    <Modal
      open
      title="匯出學生學習成果勾選情形"
      okText="匯出"
      cancelText="取消"
      onOk={() => onExport(year, view)}
      onCancel={onClose}
      width={420}
    >
      <div className="outcome-year-dialog">
        <p>請輸入要匯出哪個學年的統計資料</p>
        <label htmlFor={id}>學年度</label>
        <Select
          id={id}
          className="figure"
          value={year}
          options={(years.includes(begin) ? years : [begin, ...years]).map((one) => ({ value: one, label: String(one) }))}
          onChange={setYear}
        />
        <Radio.Group
          aria-label="統計方式"
          value={view}
          onChange={({ target }) => setView(target.value as YearView)}
          options={[
            { value: 'class', label: '依班級' },
            { value: 'student', label: '依學生' },
          ]}
        />
      </div>
    </Modal>
  );
}
