import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import type { Backend } from '../application/backend-client.ts';
import { maxMessageBytes, mostWaitingCalls } from './limits.ts';

/** A connection whose window has been gone this long is signed out. */
const absence = 10 * 60_000;

const request = z.strictObject({ id: z.int(), name: z.string().max(200), input: z.unknown().optional() });

/** The contract over WebSockets: `{id, name, input}` in, `{id, outcome}` and `{event}` out. */
export interface ContractSocket {
  /** Takes over an upgrade that access.ts let in. */
  accept: (incoming: IncomingMessage, socket: Duplex, head: Buffer, connectionId: string) => void;
  close: () => void;
}

/** @param onAbsent a connection had no window for ten minutes: its cookie and session end */
export function createContractSocket(backend: Backend, onAbsent: (connectionId: string) => void): ContractSocket {
  const server = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes, perMessageDeflate: false });
  const windows = new Map<string, Set<WebSocket>>();
  const leaving = new Map<string, NodeJS.Timeout>();

  const stopListening = backend.onEvent((event, accountName) => {
    const message = JSON.stringify({ event });
    for (const [connectionId, sockets] of windows) {
      if (accountName !== null && backend.accountOf(connectionId) !== accountName) continue;
      for (const socket of sockets) socket.send(message);
    }
  });

  const answer = async (socket: WebSocket, connectionId: string, text: string) => {
    let parsed: z.infer<typeof request>;
    try {
      parsed = request.parse(JSON.parse(text));
    } catch {
      return socket.close(1008, 'malformed message'); // Our own window never sends one.
    }
    const outcome = await backend.call(connectionId, parsed.name, parsed.input);
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify({ id: parsed.id, outcome }));
  };

  const left = (connectionId: string) => {
    windows.delete(connectionId);
    const timer = setTimeout(() => {
      leaving.delete(connectionId);
      backend.endConnection(connectionId);
      onAbsent(connectionId);
    }, absence);
    timer.unref();
    leaving.set(connectionId, timer);
  };

  return {
    accept: (incoming, raw, head, connectionId) => {
      server.handleUpgrade(incoming, raw, head, (socket) => {
        clearTimeout(leaving.get(connectionId));
        leaving.delete(connectionId);
        const sockets = windows.get(connectionId) ?? new Set();
        windows.set(connectionId, sockets.add(socket));
        let waiting = 0;
        socket.on('message', (data, binary) => {
          if (binary) return socket.close(1003, 'text only');
          if (waiting >= mostWaitingCalls) return socket.close(1008, 'too many calls');
          waiting += 1;
          void answer(socket, connectionId, data.toString()).finally(() => {
            waiting -= 1;
          });
        });
        // ws closes a socket that broke the protocol or the size by itself; 'close' follows.
        socket.on('error', () => socket.terminate());
        socket.on('close', () => {
          sockets.delete(socket);
          if (sockets.size === 0 && windows.get(connectionId) === sockets) left(connectionId);
        });
      });
    },
    close: () => {
      stopListening();
      for (const timer of leaving.values()) clearTimeout(timer);
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}
