import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, systemClock } from '../../platform/clock.ts';
import { type CityAnswer, problem, send } from './answer.ts';
import type { CityFaults } from './faults.ts';
import { nationalDatabase } from './national-database.ts';
import { cityRoutes } from './routes.ts';
import { type CityStore, openCityStore } from './store.ts';
import type { HandedIn, Verdict } from './submissions.ts';

export interface EmbeddedCityOptions {
  storePath: string;
  /** Of the store; a store made without one is opened without one. */
  key?: Uint8Array;
  /** 0, the default, takes any free port. */
  port?: number;
  clock?: Clock;
  /** Milliseconds from handing a roster in to its result; a minute unless told here or by the store. */
  resultDelay?: number;
  /** The seam for the national database: what it says of a roster. */
  judge?: (submission: HandedIn) => Promise<Verdict>;
  /** Misbehaves as these say (`central serve --fault`). */
  faults?: CityFaults;
  /** For tests of one fault: sees every request with the answer it would get, and may answer otherwise. */
  intervene?: (request: IncomingMessage, answer: CityAnswer) => CityAnswer | Promise<CityAnswer>;
}

export interface EmbeddedCity {
  /** `http://127.0.0.1:<port>` */
  url: string;
  deviceId: string;
  deviceKey: string;
  store: CityStore;
  forgetTokens: () => void;
  /** Requests answered so far. */
  requests: () => number;
  close: () => Promise<void>;
}

/** Makes a trial school's file again from its recipe; the generator is loaded at the first one only. */
async function makeFile(recipe: string): Promise<Buffer> {
  const { fileOf } = await import('../../../db/sample/index.ts');
  return fileOf(recipe);
}

/**
 * Serves a city store per assets/central-api.openapi.yaml over real HTTP, on 127.0.0.1 only.
 * @throws SQLITE_CANTOPEN where there is no store (fill.ts makes one), EADDRINUSE for a port that is taken
 */
export async function startEmbeddedCity({
  storePath,
  key,
  port = 0,
  clock = systemClock,
  resultDelay = 60_000,
  judge,
  faults,
  intervene = (_request, answer) => answer,
}: EmbeddedCityOptions): Promise<EmbeddedCity> {
  const store = openCityStore(storePath, { key });
  const cityClock: Clock = faults ? { now: () => new Date(clock.now().getTime() + faults.clockShift()) } : clock;
  const routes = cityRoutes({ store, clock: cityClock, make: makeFile, resultDelay, judge: judge ?? nationalDatabase(store) });
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    void (async () => {
      let answer: CityAnswer;
      try {
        const act = () => routes.answer(request);
        answer = await intervene(request, await (faults ? faults.meet(request, act, routes.forgetTokens) : act()));
        if (faults) answer.headers = { date: cityClock.now().toUTCString(), ...answer.headers };
      } catch {
        answer = problem(500, 'server.failed');
      }
      const acceptsGzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
      await send(answer, response, { acceptsGzip, head: request.method === 'HEAD' });
    })().catch(() => response.destroy());
  });
  server.keepAliveTimeout = 60_000;
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    store.close();
    throw error;
  }
  const { deviceId, deviceKey } = store.settings;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    deviceId,
    deviceKey,
    store,
    forgetTokens: routes.forgetTokens,
    requests: () => requests,
    close: async () => {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, 'close');
      store.close();
    },
  };
}
