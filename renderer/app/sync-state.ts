import { useJob, useQueryOperation } from './backend.ts';

/** How old the data is, whether the city can be reached, what still waits to be sent, and 立即同步. */
export function useSyncState() {
  const overview = useQueryOperation('sync.overview', {}, { refetchInterval: 60_000 });
  const job = useJob('sync.run');
  return { overview: overview.data ?? null, error: overview.error, refetch: overview.refetch, job };
}
