import { SearchOutlined } from '@ant-design/icons';
import { App, Button, Input, Select } from 'antd';
import { useDeferredValue, useMemo, useState } from 'react';
import type { GridRow } from '../../../main/application/grid-contract.ts';
import { coTeachingGrid } from '../../../main/features/co-teaching/contract.ts';
import { useCommand } from '../../app/backend.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { useUnsavedChanges } from '../../app/unsaved-changes.tsx';
import { TermSelect, useViewedTerm } from '../../app/viewed-term.tsx';
import { DataGrid, ErrorNote, PageFrame, SharedChanges } from '../../components/index.ts';
import './co-teaching.css';

interface Change {
  courseOfferingId: string;
  teacherId: string;
  reviewer: boolean;
}

const resources: ['teaching-assignments'] = ['teaching-assignments'];
const choices = [
  { value: 'yes', label: '是' },
  { value: 'no', label: '否' },
];

/** 合開課程設定審核老師 (manual §3.4). */
export default function CoTeaching() {
  const { term } = useViewedTerm();
  const { session } = useOffice();
  const { message } = App.useApp();
  const [keyword, setKeyword] = useState('');
  /** By row; kept over pages and filters until they are saved. */
  const [changes, setChanges] = useState<ReadonlyMap<string, Change>>(new Map());
  const save = useCommand('coTeaching.save');
  const sought = useDeferredValue(keyword);
  const scope = useMemo(() => ({ ...term, keyword: sought }), [term, sought]);
  const may = mayUse(session, 'S0209S', 'update');
  useUnsavedChanges(changes.size > 0 ? `${changes.size} 項審核設定` : null);

  const refused = new Set(save.error?.code === 'coTeaching.noReviewer' ? (save.error.details.courseOfferingIds as string[]) : []);
  const choose = (row: GridRow, value: string) => {
    const next = new Map(changes);
    if (value === row.reviewer) next.delete(String(row.id));
    else {
      next.set(String(row.id), {
        courseOfferingId: String(row.courseOfferingId),
        teacherId: String(row.teacherId),
        reviewer: value === 'yes',
      });
    }
    setChanges(next);
    save.reset();
  };
  const onSave = async () => {
    const saved = await save.run({ changes: [...changes.values()] });
    if (!saved) return;
    setChanges(new Map());
    message.success(`已儲存 ${saved.courses} 門課程的審核老師`);
  };
  const shown = (row: GridRow) => {
    const change = changes.get(String(row.id));
    return change ? (change.reviewer ? 'yes' : 'no') : String(row.reviewer);
  };

  return (
    <PageFrame
      title="合開課程設定審核老師"
      meaning="一門課程由幾位教師合開時，在這裡設定誰可以認證學生的學習成果。審核「是」可以認證，「否」無法認證；每門課程至少要有一位。"
      actions={
        <>
          <TermSelect />
          {may && (
            <Button type="primary" disabled={changes.size === 0} loading={save.pending} onClick={() => void onSave()}>
              {changes.size === 0 ? '儲存' : `儲存 ${changes.size} 項變更`}
            </Button>
          )}
        </>
      }
    >
      <SharedChanges resources={resources} />
      <ErrorNote error={save.error} onClose={save.reset} />
      <DataGrid
        grid={coTeachingGrid}
        list="coTeaching.list"
        workbook="coTeaching.exportWorkbook"
        scope={scope}
        addressed
        toolbar={
          <Input
            allowClear
            className="co-teaching-keyword"
            prefix={<SearchOutlined aria-hidden />}
            placeholder="合開課程 可輸入關鍵字篩選"
            aria-label="合開課程關鍵字"
            maxLength={100}
            value={keyword}
            onChange={(event) => setKeyword(event.target.value)}
          />
        }
        render={{
          reviewer: (row) => (
            <span className={refused.has(String(row.courseOfferingId)) ? 'co-teaching-refused' : undefined}>
              <Select
                size="small"
                className="co-teaching-choice"
                aria-label={`${row.courseName} ${row.teacherName} 審核`}
                disabled={!may}
                status={refused.has(String(row.courseOfferingId)) ? 'error' : changes.has(String(row.id)) ? 'warning' : undefined}
                value={shown(row)}
                options={choices}
                onChange={(value) => choose(row, value)}
              />
              {changes.has(String(row.id)) && <span className="co-teaching-changed">已變更</span>}
            </span>
          ),
        }}
        emptyText={sought ? '沒有符合關鍵字的合開課程。' : '這個學年期沒有合開課程。請在右上角改選學年期。'}
      />
    </PageFrame>
  );
}
