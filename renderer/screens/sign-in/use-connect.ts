import type { OutputOf } from '../../../main/features/contract.ts';
import { useCommand } from '../../app/backend.ts';
import { useSessionStatus } from '../../app/session.ts';

export type OutputOfConnect = OutputOf<'sync.connect'>;

/** Connecting, and going on to the sign-in page once the clerk has written down what was made. */
export function useConnect() {
  const connect = useCommand('sync.connect');
  const status = useSessionStatus();
  return { connect, enter: () => void status.refetch() };
}
