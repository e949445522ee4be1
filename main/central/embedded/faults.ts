import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../../../db/sample/random.ts';
import { type CityAnswer, problem } from './answer.ts';
import type { FaultName, FaultPlan, PlannedFault } from './fault-plan.ts';

/** The embedded city's misbehaviour; one instance a city. */
export interface CityFaults {
  /** Milliseconds by which the city's clock is ahead. */
  clockShift: () => number;
  /** Answers a request as a city does that misbehaves so. @param act does what was asked, and says what the answer would be */
  meet: (request: IncomingMessage, act: () => Promise<CityAnswer>, forgetTokens: () => void) => Promise<CityAnswer>;
  /** From now on misbehaves so; null behaves. */
  follow: (plan: FaultPlan | null) => void;
  /** How many times each has struck. */
  struck: ReadonlyMap<FaultName, number>;
}

interface Scene {
  fault: PlannedFault;
  request: IncomingMessage;
  random: Random;
  /** The page of this resource that was given before, as it was. */
  pageBefore: string | undefined;
  forgetTokens: () => void;
}

interface Misdeed {
  concerns: (request: IncomingMessage) => boolean;
  /** Before anything was done; an answer from here means that nothing is. */
  early?: (scene: Scene) => CityAnswer | undefined | Promise<undefined>;
  /** When it was done; undefined where there is nothing in this answer to spoil. */
  late?: (answer: CityAnswer, scene: Scene) => CityAnswer | undefined;
}

const pathOf = ({ url = '/' }: IncomingMessage) => url.replace(/\?.*/, '');
const anything = () => true;
const isPage = (request: IncomingMessage) => request.method === 'GET' && pathOf(request).includes('/resources/');
const isDownload = (request: IncomingMessage) => request.method === 'GET' && /files\/[^/]/.test(pathOf(request));
const isToken = (request: IncomingMessage) => pathOf(request).endsWith('/oauth/token');
const isJson = ({ headers, status }: CityAnswer) => status < 300 && /json/.test(headers['content-type'] ?? '');

interface Page {
  items: Record<string, unknown>[];
  nextCursor: string;
  hasMore: boolean;
}

/** Another page instead, where there is one. */
function otherPage(answer: CityAnswer, change: (page: Page) => Page | undefined): CityAnswer | undefined {
  if (answer.status !== 200) return undefined;
  const changed = change(JSON.parse(String(answer.body)) as Page);
  const { etag: _etag, ...headers } = answer.headers;
  return changed && { ...answer, headers, body: JSON.stringify(changed) };
}

/** Bodies that are no answer of the API; the last is what a line leaves of one that an intermediary declared whole. */
const wrongBodies: readonly ((body: string) => string)[] = [
  () => 'null',
  () => '[]',
  () => '{"message":"ok"}',
  () => '{"items":{},"results":"","nextCursor":7}',
  (body) => body.slice(0, body.length >> 1),
];

/** Spoils a record in one of the ways in which a program on the other side would. */
function spoiled(record: Record<string, unknown>, random: Random): Record<string, unknown> {
  const fields = Object.keys(record);
  const field = random.pick(fields.filter((name) => name !== 'id'));
  return random.pick([
    () => Object.fromEntries(Object.entries(record).filter(([name]) => name !== 'version')),
    () => ({ ...record, version: 'new' }),
    () => ({ ...record, id: null }),
    () => ({ ...record, [field]: { value: record[field] } }),
  ])();
}

const busy = (status: number, seconds: number) => problem(status, 'server.busy', { 'retry-after': String(seconds) });
const brokenLine = (answer: CityAnswer, share: number): CityAnswer => ({ ...answer, brokenAt: share });

const misdeeds: Record<Exclude<FaultName, 'clock'>, Misdeed> = {
  delay: {
    concerns: anything,
    early: async ({ fault }) => {
      await sleep(fault.value ?? 2000);
      return undefined;
    },
  },
  offline: { concerns: anything, early: () => brokenLine({ status: 500, headers: {}, body: '' }, 0) },
  cut: { concerns: anything, late: (answer, { random }) => brokenLine(answer, random.fraction()) },
  500: {
    concerns: anything,
    early: ({ fault }) => (fault.value === 1 ? undefined : problem(500, 'server.failed')),
    late: (_answer, { fault }) => (fault.value === 1 ? problem(500, 'server.failed') : undefined),
  },
  503: { concerns: anything, early: ({ fault }) => busy(503, fault.value ?? 1) },
  429: { concerns: anything, early: ({ fault }) => busy(429, fault.value ?? 1) },
  'expired-token': {
    concerns: (request) => !isToken(request),
    early: ({ forgetTokens }) => {
      forgetTokens();
      return undefined;
    },
  },
  html: {
    concerns: anything,
    early: () => ({
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8' },
      body: '<html><body>請先登入校園網路</body></html>',
    }),
  },
  'wrong-json': {
    concerns: anything,
    late: (answer, { random }) => (isJson(answer) ? { ...answer, body: random.pick(wrongBodies)(String(answer.body)) } : undefined),
  },
  'repeat-page': {
    concerns: isPage,
    late: (answer, { pageBefore, random }) => {
      if (answer.status !== 200 || pageBefore === undefined) return undefined;
      // A cache gives the page itself; a city whose order changed gives its records once more.
      if (random.chance(0.5)) return { ...answer, body: pageBefore };
      return otherPage(answer, (page) => ({ ...page, items: [...(JSON.parse(pageBefore) as Page).items, ...page.items] }));
    },
  },
  'empty-page': {
    concerns: isPage,
    late: (answer, { request }) =>
      otherPage(answer, (page) => {
        const nextCursor = new URL(request.url!, 'http://city').searchParams.get('cursor') ?? '';
        return page.items.length === 0 ? undefined : { ...page, items: [], nextCursor, hasMore: false };
      }),
  },
  order: {
    concerns: isPage,
    late: (answer, { random }) =>
      otherPage(answer, (page) => (page.items.length < 2 ? undefined : { ...page, items: random.shuffled(page.items) })),
  },
  'bad-record': {
    concerns: isPage,
    late: (answer, { random }) =>
      otherPage(answer, (page) => {
        if (page.items.length === 0) return undefined;
        const at = random.between(0, page.items.length - 1);
        return { ...page, items: page.items.map((item, index) => (index === at ? spoiled(item, random) : item)) };
      }),
  },
  'wrong-bytes': {
    concerns: isDownload,
    late: (answer, { random }) => {
      const body = Buffer.from(answer.body as Buffer);
      if (answer.status >= 300 || body.byteLength === 0) return undefined;
      const at = random.between(0, body.byteLength - 1);
      body[at]! ^= 0xff;
      return { ...answer, body };
    },
  },
};

/** Misbehaves by a plan; without one not until it is told to. */
export function cityFaults(first: FaultPlan | null = null): CityFaults {
  const struck = new Map<FaultName, number>();
  const pages = new Map<string, string>();
  let plan = first;
  let random = new Random(plan?.seed ?? 1);
  let left = new Map<PlannedFault, number>();
  const follow = (next: FaultPlan | null) => {
    plan = next;
    random = new Random(plan?.seed ?? 1);
    left = new Map(plan?.faults.map((fault) => [fault, fault.times]));
  };
  follow(first);

  const strikes = (fault: PlannedFault, request: IncomingMessage): boolean => {
    const { concerns } = misdeeds[fault.name as keyof typeof misdeeds];
    return left.get(fault)! > 0 && concerns(request) && (request.url ?? '').includes(fault.where) && random.chance(fault.share);
  };
  const count = (fault: PlannedFault) => {
    left.set(fault, (left.get(fault) ?? 0) - 1);
    struck.set(fault.name, (struck.get(fault.name) ?? 0) + 1);
  };

  return {
    clockShift: () => plan?.clockShift ?? 0,
    follow,
    struck,
    meet: async (request, act, forgetTokens) => {
      const path = pathOf(request);
      const coming = plan?.faults.filter((fault) => strikes(fault, request)) ?? [];
      const scenes = coming.map((fault): Scene => ({ fault, request, random, pageBefore: pages.get(path), forgetTokens }));
      for (const scene of scenes) {
        const { early, late } = misdeeds[scene.fault.name as keyof typeof misdeeds];
        if (!early) continue;
        const answer = await early(scene);
        if (answer || !late) count(scene.fault);
        if (answer) return answer;
      }
      let answer = await act();
      if (isPage(request) && answer.status === 200) pages.set(path, String(answer.body));
      for (const scene of scenes) {
        const changed = misdeeds[scene.fault.name as keyof typeof misdeeds].late?.(answer, scene);
        if (!changed) continue;
        count(scene.fault);
        answer = changed;
      }
      return answer;
    },
  };
}
