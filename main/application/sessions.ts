import { type Access, demandsOf, type FunctionModule, type Right } from './contract.ts';

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

/** What an operation demands of an input: of one that names no module of its access, any of them, and the schema refuses it. */
function demandsOfInput(access: Access, input: unknown): ReturnType<typeof demandsOf> {
  if (typeof access === 'object' && 'field' in access) {
    const named: unknown = (input as Record<string, unknown> | null | undefined)?.[access.field];
    if (typeof named === 'string' && Object.hasOwn(access.modules, named)) return [{ module: access.modules[named]!, right: access.right }];
  }
  return demandsOf(access);
}

/** Whether a session satisfies the access an operation declares for what it asks. */
export function mayCall(session: Session | null, access: Access, input: unknown): boolean {
  if (access === 'public') return true;
  if (!session) return false;
  if (access === 'signedIn') return true;
  return demandsOfInput(access, input).some(({ module, right }) => hasRight(session, module, right));
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
