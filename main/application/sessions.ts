import type { Access, FunctionModule, Right } from './contract.ts';

/** Who is signed in on a connection: one window, one browser page, one command. */
export interface Session {
  accountId: string;
  accountName: string;
  displayName: string;
  /** The school's administrator has every right. */
  administrator: boolean;
  rights: ReadonlyMap<FunctionModule, ReadonlySet<Right>>;
  /** Until the first password is changed, nothing else may be called. */
  mustChangePassword: boolean;
  locked: boolean;
  signedInAt: string;
}

export function hasRight(session: Session, module: FunctionModule, right: Right): boolean {
  return session.administrator || (session.rights.get(module)?.has(right) ?? false);
}

/** Whether a session satisfies the access an operation declares. */
export function mayCall(session: Session | null, access: Access): boolean {
  if (access === 'public') return true;
  if (!session) return false;
  if (access === 'signedIn') return true;
  if ('anyOf' in access) return access.anyOf.some(({ module, right }) => hasRight(session, module, right));
  return hasRight(session, access.module, access.right);
}

/** Sessions by connection. In memory: whoever restarts the program signs in again. */
export interface Sessions {
  get: (connectionId: string) => Session | null;
  set: (connectionId: string, session: Session) => void;
  end: (connectionId: string) => void;
  /** Replaces every session by what `change` answers; null ends it. For what happens to an account while it is signed in. */
  revise: (change: (session: Session, connectionId: string) => Session | null) => void;
  all: () => Session[];
}

export function createSessions(): Sessions {
  const sessions = new Map<string, Session>();
  return {
    get: (connectionId) => sessions.get(connectionId) ?? null,
    set: (connectionId, session) => {
      sessions.set(connectionId, session);
    },
    end: (connectionId) => {
      sessions.delete(connectionId);
    },
    revise: (change) => {
      for (const [connectionId, session] of sessions) {
        const revised = change(session, connectionId);
        if (revised) sessions.set(connectionId, revised);
        else sessions.delete(connectionId);
      }
    },
    all: () => [...sessions.values()],
  };
}
