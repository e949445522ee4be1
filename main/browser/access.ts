import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/**
 * Who may use the loopback host: the browser that brought the one-time token of the address and so got the cookie.
 * Other programs of the computer can reach the port; without the cookie they get nothing.
 */
export interface BrowserAccess {
  /** A token that opens the window once. */
  makeToken: () => string;
  /** Exchanges a token for a connection; null when it is unknown or was used. The token is spent either way. */
  admit: (token: string) => { connectionId: string; cookie: string } | null;
  /** The connection of a request's cookie, or null. */
  connectionOf: (request: IncomingMessage) => string | null;
  end: (connectionId: string) => void;
}

/** Cookies of 127.0.0.1 are shared by all its ports, so the name carries the port. */
export function createBrowserAccess(port: number): BrowserAccess {
  const cookieName = `portfolio_${port}`;
  const tokens = new Set<string>();
  const connections = new Map<string, string>();
  return {
    makeToken: () => {
      const token = randomBytes(32).toString('base64url');
      tokens.add(token);
      return token;
    },
    admit: (token) => {
      if (!tokens.delete(token)) return null;
      const secret = randomBytes(32).toString('base64url');
      const connectionId = randomUUID();
      connections.set(secret, connectionId);
      return { connectionId, cookie: `${cookieName}=${secret}; Path=/; HttpOnly; SameSite=Strict` };
    },
    connectionOf: ({ headers }) => {
      const pair = (headers.cookie ?? '').split(/;\s*/).find((text) => text.startsWith(`${cookieName}=`));
      return pair === undefined ? null : (connections.get(pair.slice(cookieName.length + 1)) ?? null);
    },
    end: (connectionId) => {
      for (const [secret, id] of connections) if (id === connectionId) connections.delete(secret);
    },
  };
}

/**
 * Whether a request was meant for this host and comes from its own window. The host name stops DNS rebinding; the
 * origin, and the browser's own word on where a request comes from, stop other sites and other ports of this computer.
 * @param mustNameOrigin for what changes something: uploads and the socket, where every browser sends an origin
 */
export function isFromOwnWindow({ headers }: IncomingMessage, origin: string, mustNameOrigin: boolean): boolean {
  if (`http://${headers.host}` !== origin) return false;
  if (mustNameOrigin ? headers.origin !== origin : headers.origin !== undefined && headers.origin !== origin) return false;
  const site = headers['sec-fetch-site'];
  return site === undefined || site === 'same-origin' || site === 'none';
}
