import { useQueryOperation } from '../../app/backend.ts';
import { type OpenedRow, RowDrawer } from '../../components/index.ts';
import { ImportDetails } from './import-details.tsx';

interface ImportDrawerProps {
  opened: OpenedRow | null;
  onOpen: (row: OpenedRow | null) => void;
}

/** 明細 of one line of 資料匯入紀錄 (manual §3.16). */
export function ImportDrawer({ opened, onOpen }: ImportDrawerProps) {
  const details = useQueryOperation('transferIn.details', { id: opened?.id ?? '' }, { enabled: opened !== null });
  return (
    <RowDrawer title="匯入明細" opened={opened} onOpen={onOpen} details={details}>
      {(data, id) => <ImportDetails key={id} id={id} details={data} />}
    </RowDrawer>
  );
}
