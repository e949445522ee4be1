import type { GridSource } from '../../../db/grid-query.ts';
import type { FeatureServices } from '../../application/foundation.ts';
import type { GridQuery } from '../../application/grid-contract.ts';
import { gridHandlers } from '../../application/grid-handlers.ts';
import type { Handlers } from '../../application/router.ts';
import { receiptGrid, type receipts } from './contract.ts';

const source = (origin: string | null): GridSource => ({
  from: 'receive_records r',
  where: `r.deleted_at is null${origin === null ? '' : ' and r.origin = @origin'}`,
  parameters: origin === null ? {} : { origin },
  columns: {
    id: 'r.id',
    dataType: 'r.data_type',
    ip: 'r.ip',
    receivedAt: 'r.received_at',
    bytes: 'r.bytes',
    fileCount: 'r.file_count',
    allReceived: 'r.all_received',
    startedAt: 'r.started_at',
    finishedAt: 'r.finished_at',
    status: 'r.status',
    // The city does not say how many rows it took.
    rows: "iif(r.origin = 'sync', r.rows, null)",
    origin: 'r.origin',
  },
  tieBreaker: 'r.id',
});

/** 學校查詢接收紀錄 (manual §3.10). */
export function receiptsHandlers({ foundation }: FeatureServices): Handlers<typeof receipts> {
  return gridHandlers(foundation, receiptGrid, ({ origin }: GridQuery & { origin?: 'city' | 'sync' | undefined }) =>
    source(origin ?? null),
  );
}
