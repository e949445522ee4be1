import { useQueryOperation } from '../../app/backend.ts';
import { type OpenedRow, RowDrawer } from '../../components/index.ts';
import type { Archive } from './archive.ts';
import type { SubmissionKind } from './kinds.ts';
import { RecordDetail } from './record-detail.tsx';
import type { Downloads } from './use-downloads.ts';

interface RecordDrawerProps {
  kind: SubmissionKind;
  opened: OpenedRow | null;
  onOpen: (row: OpenedRow | null) => void;
  downloads: Downloads;
  archive: Archive;
}

/** 明細 of one line of 提交紀錄. */
export function RecordDrawer({ kind, opened, onOpen, downloads, archive }: RecordDrawerProps) {
  const details = useQueryOperation('submissions.detail', { kind, id: opened?.id ?? '' }, { enabled: opened !== null });
  return (
    <RowDrawer title="提交紀錄明細" opened={opened} onOpen={onOpen} details={details} width={960} className="submission-record">
      {(detail) => <RecordDetail key={detail.id} kind={kind} detail={detail} downloads={downloads} archive={archive} />}
    </RowDrawer>
  );
}
