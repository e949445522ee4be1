import type { ReactNode } from 'react';
import { formatRocDateTime } from '../../../domain/roc-date.ts';
import { auditActions, functionModules } from '../../../main/application/contract.ts';
import type { OutputOf } from '../../../main/features/contract.ts';
import { useQueryOperation } from '../../app/backend.ts';
import { formatCount, type OpenedRow, RowDrawer } from '../../components/index.ts';

interface EntryDrawerProps {
  opened: OpenedRow | null;
  onOpen: (row: OpenedRow | null) => void;
}

/** 明細 of one entry. */
export function EntryDrawer({ opened, onOpen }: EntryDrawerProps) {
  const details = useQueryOperation('audit.detail', { sequence: Number(opened?.id ?? 1) }, { enabled: opened !== null });
  return (
    <RowDrawer title="稽核紀錄明細" opened={opened} onOpen={onOpen} details={details}>
      {(entry) => <Entry entry={entry} />}
    </RowDrawer>
  );
}

function Entry({ entry }: { entry: OutputOf<'audit.detail'> }) {
  const { students, studentCount } = entry;
  return (
    <>
      <dl className="audit-fields">
        <Field label="序號">{formatCount(entry.sequence)}</Field>
        <Field label="時間">{formatRocDateTime(entry.at)}</Field>
        <Field label="帳號">{entry.accountName === '-' ? '（登入前）' : entry.accountName}</Field>
        <Field label="姓名">{entry.displayName ?? '—'}</Field>
        <Field label="動作">{auditActions[entry.action as keyof typeof auditActions] ?? entry.action}</Field>
        <Field label="功能模組">
          {entry.module ? `${entry.module} ${functionModules[entry.module as keyof typeof functionModules] ?? ''}` : '—'}
        </Field>
        <Field label="作業">{entry.title}</Field>
        <Field label="結果">{entry.code === 'done' ? '成功' : entry.code}</Field>
        <Field label="摘要" wide>
          {entry.summary}
        </Field>
        <Field label="雜湊" wide>
          <span className="monospace">{entry.hash}</span>
          {!entry.intact && <strong className="state-wrong">　這一筆的內容被更改過</strong>}
        </Field>
        <Field label="前一筆的雜湊" wide>
          <span className="monospace">{entry.previousHash}</span>
        </Field>
      </dl>
      <h3>涉及的學生：{formatCount(studentCount)} 人</h3>
      {students.length === 0 ? (
        <p className="muted">{studentCount === 0 ? '這項作業不涉及特定學生。' : '人數較多，只記了人數。'}</p>
      ) : (
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">學號</th>
              <th scope="col">姓名</th>
              <th scope="col">班級</th>
            </tr>
          </thead>
          <tbody>
            {students.map(({ id, studentNumber, name, className }) => (
              <tr key={id}>
                {studentNumber === null ? (
                  <td colSpan={3} className="muted">
                    已依保存期限清除（代號 {id}）
                  </td>
                ) : (
                  <>
                    <td>{studentNumber}</td>
                    <td>{name}</td>
                    <td>{className}</td>
                  </>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {students.length > 0 && studentCount > students.length && (
        <p className="muted">另有 {formatCount(studentCount - students.length)} 人，只記了人數。</p>
      )}
    </>
  );
}

function Field({ label, wide = false, children }: { label: string; wide?: boolean; children: ReactNode }) {
  return (
    <div className={wide ? 'audit-field-wide' : undefined}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
