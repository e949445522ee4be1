import { Alert, Button } from 'antd';
import { useState } from 'react';
import { processingStatusNames } from '../../../domain/submission.ts';
import type { IncomingFile } from '../../../main/application/contract.ts';
import type { OutputOf } from '../../../main/features/contract.ts';
import { useJob } from '../../app/backend.ts';
import { ErrorNote, FileDrop, formatCount, JobProgress } from '../../components/index.ts';
import type { SubmissionKind } from './kinds.ts';

const endings = ['.xlsx', '.csv', '.txt'];

interface ReadAnswerProps {
  kind: SubmissionKind;
  detail: OutputOf<'submissions.detail'>;
}

/** 讀取檢核結果檔: the answer the city holds, or one that was downloaded; its refused rows are matched back to students. */
export function ReadAnswer({ kind, detail: { id, answer } }: ReadAnswerProps) {
  const [file, setFile] = useState<IncomingFile | null>(null);
  const read = useJob('submissions.readAnswer', id);
  const start = async () => {
    if (await read.start({ kind, id, ...(file && { file }) })) setFile(null);
  };
  return (
    <div className="submission-answer-file">
      {answer?.readAt === null && !file && !read.running && (
        <Button type="primary" onClick={() => void start()}>
          讀取檢核結果
        </Button>
      )}
      <FileDrop
        label={answer ? '另外下載的檢核結果檔' : '檢核結果檔'}
        accept={endings}
        file={file}
        disabled={read.running}
        onFile={(chosen) => {
          read.reset();
          setFile(chosen);
        }}
      />
      {read.running ? (
        <JobProgress job={read.job} onCancel={read.cancel} />
      ) : (
        file && (
          <Button type="primary" onClick={() => void start()}>
            讀取檢核結果檔
          </Button>
        )
      )}
      <ErrorNote error={read.error} onClose={read.reset} />
      {read.result && (
        <Alert
          type={read.result.matchedRows < read.result.refusedRows ? 'warning' : 'success'}
          showIcon
          role="status"
          title={`${processingStatusNames[read.result.processingStatus]}：退回 ${formatCount(read.result.refusedRows)} 列，對應到 ${formatCount(read.result.matchedRows)} 列、${formatCount(read.result.students)} 位學生。`}
          closable={{ onClose: read.reset, 'aria-label': '關閉訊息' }}
        />
      )}
    </div>
  );
}
