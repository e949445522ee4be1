import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { processingStatusNames, readStatusText } from '../../../domain/submission.ts';
import type { OutputOf } from '../../../main/features/contract.ts';
import { useCommand } from '../../app/backend.ts';
import { useKeptState } from '../../app/kept-state.ts';
import { ErrorNote } from '../../components/index.ts';
import type { SubmissionKind } from './kinds.ts';

interface RecordResultProps {
  kind: SubmissionKind;
  detail: OutputOf<'submissions.detail'>;
}

/** 登錄結果 of a roster uploaded by hand: its FID and 處理狀態 as the site shows it. What is typed stays until it is saved. */
export function RecordResult({ kind, detail }: RecordResultProps) {
  const { id } = detail;
  const saved = {
    submissionFileId: detail.submissionFileId ?? '',
    statusText: detail.processingStatus === 'waiting' ? '' : detail.statusText,
  };
  const [typed, setTyped] = useKeptState<typeof saved | null>(`submissions.result.${id}`, null);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const record = useCommand('submissions.recordResult');
  const form = typed ?? saved;
  const change = (changes: Partial<typeof saved>) => {
    record.reset();
    setTyped({ ...form, ...changes });
  };
  const leave = (field: string) => () => setLeft((before) => new Set([...before, field]));
  const read = form.statusText.trim() === '' ? null : readStatusText(form.statusText);
  const unread = record.error?.code === 'submissions.unreadStatus';
  const missing = {
    submissionFileId: left.has('submissionFileId') && form.submissionFileId.trim() === '',
    statusText: left.has('statusText') && form.statusText.trim() === '',
  };
  const complete = form.submissionFileId.trim() !== '' && form.statusText.trim() !== '';
  const unchanged = form.submissionFileId === saved.submissionFileId && form.statusText === saved.statusText;
  const save = async () => {
    if (!complete || record.pending) return;
    if (await record.run({ kind, id, ...form })) setTyped(null);
  };
  return (
    <Form layout="vertical" className="submission-result" aria-label="登錄結果" onSubmitCapture={() => void save()}>
      <Form.Item
        label="FID"
        htmlFor="result-file-id"
        required
        validateStatus={missing.submissionFileId ? 'error' : undefined}
        help={missing.submissionFileId ? '請輸入網站給的 FID。' : undefined}
      >
        <Input
          id="result-file-id"
          className="figure"
          value={form.submissionFileId}
          maxLength={40}
          autoComplete="off"
          aria-invalid={missing.submissionFileId}
          onBlur={leave('submissionFileId')}
          onChange={({ target }) => change({ submissionFileId: target.value })}
        />
      </Form.Item>
      <Form.Item
        label="處理狀態"
        htmlFor="result-status"
        required
        validateStatus={missing.statusText || unread ? 'error' : undefined}
        help={unread ? record.error?.message : missing.statusText ? '請貼上網站顯示的處理狀態。' : undefined}
        extra="照網站顯示的文字貼上，例如：檢核無誤，資料已匯入"
      >
        <Input.TextArea
          id="result-status"
          rows={2}
          maxLength={2000}
          value={form.statusText}
          aria-invalid={missing.statusText || unread}
          onBlur={leave('statusText')}
          onChange={({ target }) => change({ statusText: target.value })}
        />
      </Form.Item>
      <div className="submission-buttons">
        <Button type="primary" htmlType="submit" loading={record.pending} disabled={!complete || unchanged}>
          登錄結果
        </Button>
        <span className="muted" aria-live="polite">
          {read === null || unread
            ? ''
            : read
              ? `讀成：${processingStatusNames[read.processingStatus]}${read.rosterName ? `（${read.rosterName}）` : ''}`
              : '看不出是檢核無誤、錯誤還是處理中。'}
        </span>
      </div>
      {!unread && <ErrorNote error={record.error} onClose={record.reset} />}
    </Form>
  );
}
