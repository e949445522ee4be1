import { createContext, useContext, useSyncExternalStore } from 'react';
import type { FunctionModule, Right } from '../../main/application/contract.ts';
import type { AnswerOf } from '../../main/features/contract.ts';
import type { SignedIn } from '../../main/features/session/contract.ts';
import { queryKey, useQueryOperation } from './backend.ts';
import { queryClient } from './query-client.ts';

export type SessionStatus = AnswerOf<'session.status'>;

/** The school, the term and who is signed in. */
export const useSessionStatus = () => useQueryOperation('session.status', {}, { staleTime: Number.POSITIVE_INFINITY });

let signedOutReason: string | null = null;
const reasonListeners = new Set<() => void>();

/** Keeps why the program ended everybody's session, for the way in to tell; null forgets it. */
export function noteSignedOut(reason: string | null): void {
  signedOutReason = reason;
  for (const listener of reasonListeners) listener();
}

/** Why the session ended without the clerk's doing; null otherwise. */
export function useSignedOutReason(): string | null {
  return useSyncExternalStore(
    (listener) => {
      reasonListeners.add(listener);
      return () => reasonListeners.delete(listener);
    },
    () => signedOutReason,
  );
}

/** Takes over what signing in, locking, unlocking or changing the password answered; null after signing out. */
export function takeSession(session: SignedIn | null): void {
  queryClient.setQueryData<SessionStatus>(queryKey('session.status', {}), (status) => status && { ...status, session });
  noteSignedOut(null);
  if (session) return;
  // What one account saw must not flash up for the next.
  queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== 'session.status' });
  void queryClient.invalidateQueries({ queryKey: ['session.status'] });
}

/** Status of the school with someone signed in; within the frame only. */
export interface OfficeSession extends SessionStatus {
  session: SignedIn;
}

export const OfficeContext = createContext<OfficeSession | null>(null);

/** @throws outside the frame */
export function useOffice(): OfficeSession {
  const office = useContext(OfficeContext);
  if (!office) throw new Error('useOffice is for screens within the frame');
  return office;
}

/** Whether the account has a right on a module: for hiding buttons. The backend checks it again. */
export function mayUse(session: SignedIn, module: FunctionModule, right: Right = 'view'): boolean {
  return session.administrator || (session.rights[module]?.includes(right) ?? false);
}
