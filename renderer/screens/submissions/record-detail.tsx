import { Button } from 'antd';
import { type ReactNode, useMemo } from 'react';
import { formatRocDateTime } from '../../../domain/roc-date.ts';
import { divisionNames, processingStatusNames, submissionWayNames } from '../../../domain/submission.ts';
import type { OutputOf } from '../../../main/features/contract.ts';
import { answerRowGrid, submissionModules } from '../../../main/features/submissions/contract.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { ConfirmButton, CopyText, DataGrid, ErrorNote, formatBytes, formatCount, useStudentNames } from '../../components/index.ts';
import { type Archive, archiveWords, unarchiveWords } from './archive.ts';
import type { SubmissionKind } from './kinds.ts';
import { ReadAnswer } from './read-answer.tsx';
import { RecordResult } from './record-result.tsx';
import { statusClasses } from './status.ts';
import type { Downloads } from './use-downloads.ts';

type Detail = OutputOf<'submissions.detail'>;

interface RecordDetailProps {
  kind: SubmissionKind;
  detail: Detail;
  downloads: Downloads;
  archive: Archive;
}

/** Every field of a line of 提交紀錄, what was sent, what was answered, and what can still be done with it. */
export function RecordDetail({ kind, detail, downloads, archive }: RecordDetailProps) {
  const { session } = useOffice();
  const mayUpdate = mayUse(session, submissionModules[kind], 'update');
  const mayUnarchive = mayUse(session, submissionModules[kind], 'delete');
  return (
    <>
      <dl className="submission-fields">
        <Field label="學年">{detail.academicYear}</Field>
        <Field label="學期">{detail.semester}</Field>
        <Field label="梯次">{detail.batchName}</Field>
        {detail.division !== 'day' && <Field label="部別">{divisionNames[detail.division]}</Field>}
        <Field label="FID">{detail.submissionFileId ?? <span className="state-soon">尚未登錄</span>}</Field>
        <Field label="提交方式">{submissionWayNames[detail.way]}</Field>
        <Field label="提交人員">{detail.submittedBy}</Field>
        <Field label="提交時間">{formatRocDateTime(detail.submittedAt)}</Field>
        <Field label="取得結果時間">{formatRocDateTime(detail.resultReceivedAt) || '—'}</Field>
        <Field label="結果">
          <span className={statusClasses[detail.processingStatus]}>{processingStatusNames[detail.processingStatus]}</span>
        </Field>
        <Field label="處理狀態" wide>
          {detail.statusText}
        </Field>
        {detail.rosterName && <Field label="名冊名稱">{detail.rosterName}</Field>}
        {detail.archivedAt && (
          <Field label="封存">
            {formatRocDateTime(detail.archivedAt)} {detail.archivedBy}
          </Field>
        )}
      </dl>
      <ErrorNote error={archive.error} onClose={archive.reset} />
      {(detail.processingStatus === 'accepted' || detail.archivedAt) && (
        <div className="submission-buttons">
          {detail.archivedAt === null
            ? mayUpdate && (
                <ConfirmButton key="archive" {...archiveWords(kind)} onConfirm={() => archive.archive(detail.id)}>
                  封存
                </ConfirmButton>
              )
            : mayUnarchive && (
                <ConfirmButton key="unarchive" {...unarchiveWords} onConfirm={() => archive.unarchive(detail.id)}>
                  解除封存
                </ConfirmButton>
              )}
        </div>
      )}
      <ErrorNote error={downloads.error} onClose={downloads.reset} />
      <Sent detail={detail} downloads={downloads} />
      <Answer kind={kind} detail={detail} downloads={downloads} mayUpdate={mayUpdate} />
    </>
  );
}

function Field({ label, wide, children }: { label: string; wide?: boolean; children: ReactNode }) {
  return (
    <div className={wide ? 'submission-field-wide' : undefined}>
      <dt>{label}</dt>
      <dd className="figure">{children}</dd>
    </div>
  );
}

/** What was handed in, as it is kept. */
function Sent({ detail: { id, sent }, downloads }: { detail: Detail; downloads: Downloads }) {
  return (
    <section aria-labelledby="submission-sent">
      <h3 id="submission-sent">提交的名冊</h3>
      {sent ? (
        <>
          <dl className="submission-fields">
            <Field label="檔名" wide>
              {sent.fileName}（{formatBytes(sent.bytes)}）
            </Field>
            <Field label="列數">{formatCount(sent.rows)}</Field>
            <Field label="人數">{formatCount(sent.students)}</Field>
            <Field label="提醒">
              {sent.warnings === 0 ? '沒有' : `${formatCount(sent.warnings)} 項${sent.confirmedBy ? `，由 ${sent.confirmedBy} 確認` : ''}`}
            </Field>
            <Field label="SHA-256" wide>
              <CopyText text={sent.sha256} label="SHA-256" monospace />
            </Field>
          </dl>
          <Button onClick={() => downloads.download('sent', id)}>下載提交的名冊</Button>
        </>
      ) : (
        <p className="muted">這筆不是從這台電腦提交的，這裡沒有當時的名冊。</p>
      )}
    </section>
  );
}

interface AnswerProps {
  kind: SubmissionKind;
  detail: Detail;
  downloads: Downloads;
  mayUpdate: boolean;
}

/** What the national database answered: entered by hand, read from its file, and the rows it refused, by student. */
function Answer({ kind, detail, downloads, mayUpdate }: AnswerProps) {
  const { answer } = detail;
  return (
    <section aria-labelledby="submission-answer">
      <h3 id="submission-answer">檢核結果</h3>
      {detail.way === 'manual' && mayUpdate && <RecordResult kind={kind} detail={detail} />}
      <p className={answer ? undefined : 'muted'}>
        {answerWords(detail)}{' '}
        {answer && (
          <Button size="small" onClick={() => downloads.download('answer', detail.id)}>
            下載檢核結果
          </Button>
        )}
      </p>
      {mayUpdate && detail.sent && <ReadAnswer kind={kind} detail={detail} />}
      {answer && answer.rows > 0 && <AnswerRows kind={kind} id={detail.id} unmatched={answer.unmatched} />}
    </section>
  );
}

function answerWords({ answer, processingStatus, way }: Detail): string {
  if (answer === null) {
    if (processingStatus === 'accepted') return '檢核無誤，沒有退回的資料。';
    if (way === 'city') return '還沒有檢核結果檔，同步後會自動取得。';
    return '還沒有檢核結果檔。從國教署網站下載後在這裡讀取，退回的每一列會對應到學生。';
  }
  if (answer.readAt === null) return `檢核結果檔「${answer.name}」還沒有讀取。`;
  return `檢核結果檔「${answer.name}」：退回 ${formatCount(answer.rows)} 列${answer.unmatched > 0 ? `，其中 ${formatCount(answer.unmatched)} 列對不到提交的資料` : ''}。`;
}

const withoutCells = ['cells'];

/** The refused rows; what they say themselves is shown where some can't be told whose they are, and is in the workbook always. */
function AnswerRows({ kind, id, unmatched }: { kind: SubmissionKind; id: string; unmatched: number }) {
  const scope = useMemo(() => ({ kind, submissionId: id }), [kind, id]);
  const students = useStudentNames();
  return (
    <DataGrid
      grid={answerRowGrid}
      list="submissions.answerRows"
      workbook="submissions.exportAnswerRows"
      scope={scope}
      without={unmatched === 0 ? withoutCells : undefined}
      render={{
        name: (row, place) => (row.studentId === null ? <span className="state-soon">對不到</span> : students.name(row, place)),
        message: ({ message }) => <span className="submission-sentence">{message}</span>,
        cells: ({ cells }) => <span title={String(cells ?? '')}>{cells}</span>,
      }}
      onRowOpen={students.onRowOpen}
      emptyText="檢核結果沒有退回任何一列。"
    />
  );
}
