import { createHash } from 'node:crypto';
import { setTimeout as passed } from 'node:timers/promises';
import fc from 'fast-check';
import type { Sqlite } from '../../../db/sqlite.ts';
import { type Access, demandsOf, type Operation } from '../../../main/application/contract.ts';
import { operations } from '../../../main/features/contract.ts';
import type { Campaign } from '../campaign.ts';
import { inputsOf } from '../fuzz/input-arbitrary.ts';
import { type Answer, type LiveBackend, openLiveBackend, tablesOf, type Who } from '../fuzz/live-backend.ts';

/** Seconds that no call may take, and no job with the little there is in the school; long, for a machine that does much else. */
const patience = 60;
/** Inputs of an operation in one attempt, before any that narrow a failure down. */
const inputsEach = 3;
/** One in so many refusals is looked at for what it changed. */
const lookedAt = 20;

/** What the program writes of every call, refused or not, and of its talk with the city beside it. */
const beside = /^(audit|jobs$|sync_|receive_records$|outbox$|file_outbox$|attachments$|damaged_files$|backups$)/;

/** A code of its own and a sentence in Chinese that ends as one. */
const isRefusal = ({ code, message }: { code: string; message: string }) =>
  /^[a-z][A-Za-z]+(\.[A-Za-z0-9]+)+$/.test(code) && /\p{Script=Han}/u.test(message) && /[。]$/.test(message);
/** What means that something is broken, whatever came in. */
const broken = /^(internal|task\.died|backend\.|database\.damaged)/;

const mayBeAsked = (access: Access) => demandsOf(access).length === 0;

/** The school's data: a hash of each table. */
function dataOf(sqlite: Sqlite): Map<string, string> {
  const hashOf = (table: string) => {
    const hash = createHash('sha256');
    for (const row of sqlite.prepare(`select * from "${table}"`).raw().iterate()) hash.update(JSON.stringify(row));
    return hash.digest('hex');
  };
  const tables = tablesOf(sqlite).filter((table) => !beside.test(table));
  return new Map(sqlite.transaction(() => tables.map((table) => [table, hashOf(table)] as const))());
}

/** Tables that are not the same. */
const different = (before: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>) =>
  [...now].filter(([table, hash]) => before.get(table) !== hash).map(([table]) => table);

/** What goes on by itself (a synchronisation after signing in, a change on its way to the city) has come to rest. */
async function settled(sqlite: Sqlite): Promise<ReadonlyMap<string, string>> {
  for (let before = dataOf(sqlite); ; ) {
    await passed(100);
    const now = dataOf(sqlite);
    if (different(before, now).length === 0) return now;
    before = now;
  }
}

/** Stands for an answer that does not come. */
const tooLate = null;

async function answerOf(live: LiveBackend, who: Who, name: string, input: unknown): Promise<Answer | null> {
  const connectionId = await live.connectionOf(who);
  const whole = async (): Promise<Answer> => {
    const answer = await live.backend.call(connectionId, name, input);
    if (!answer.ok || operations.get(name)!.kind !== 'job') return answer;
    const { error } = await live.jobEnd((answer.data as { jobId: string }).jobId);
    return error ? { ok: false, error } : answer;
  };
  const timer = new AbortController();
  const late = passed(patience * 1000, tooLate, { signal: timer.signal }).catch(() => tooLate);
  try {
    return await Promise.race([whole(), late]);
  } finally {
    timer.abort();
  }
}

/** Tables of the school's data that a refused call changes, each time it is made: what comes from beside does not. */
async function changedBy(live: LiveBackend, call: () => Promise<unknown>): Promise<string[]> {
  let changed: string[] = [];
  for (let time = 0; time < 3; time += 1) {
    const before = await settled(live.sqlite);
    await call();
    changed = different(before, dataOf(live.sqlite));
    if (changed.length === 0) break;
  }
  return changed;
}

/** Says what is wrong with how a call was answered. */
function faultOf(answer: Answer | null, who: Who, { access }: Operation): string | null {
  if (answer === tooLate) return `no answer within ${patience} s`;
  if (who === 'nobody' && !mayBeAsked(access) && (answer.ok || answer.error.code !== 'permission.denied')) {
    return `who may do nothing is answered ${answer.ok ? 'with data' : answer.error.code}`;
  }
  if (answer.ok) return null;
  const { code, message, details } = answer.error;
  if (broken.test(code)) return `${code}: ${JSON.stringify(details)}`;
  return isRefusal(answer.error) ? null : `refused as ${code}: ${message}`;
}

/** Ends the session or stands in its way: the next call signs in anew. */
const endsSession = (answer: Answer) => !answer.ok && /^session\.(required|locked|mustChangePassword)$/.test(answer.error.code);

/** What the operation does to the session is its own, and restoring puts another school in the place of this one. */
const signsOut = /^session\.|^backup\.(restore|rescue)$|^roles\./;

export const fuzzContract: Campaign<LiveBackend> = {
  name: 'fuzz-contract',
  title: 'calls of every operation with inputs made up, on a live backend',
  prepare: openLiveBackend,
  attempt: async (live, { random, number, tried, hold, note, most }) => {
    // Each operation in turn, so that a share of any size tries the most.
    const names = [...operations.keys()];
    const name = names[(number - 1) % names.length]!;
    const operation = operations.get(name)!;
    let refusals = random.between(0, lookedAt - 1);

    const faultOfCall = async (who: Who, input: unknown): Promise<string | null> => {
      const call = async () => {
        let answer = await answerOf(live, who, name, input);
        if (answer !== tooLate && endsSession(answer)) {
          live.forget(who);
          answer = await answerOf(live, who, name, input);
        }
        return answer;
      };
      const began = performance.now();
      const answer = await call();
      most('slowest in ms', Math.round(performance.now() - began));
      tried(true);
      if (signsOut.test(name)) live.forget(who);
      const fault = faultOf(answer, who, operation);
      if (fault !== null || answer === tooLate) return fault;
      note(answer.ok ? 'answered' : answer.error.code === 'input.invalid' ? 'refused by the schema' : 'refused by the operation');
      if (answer.ok) return null;
      refusals += 1;
      if (refusals % lookedAt !== 0) return null;
      note('refusals that changed nothing');
      const changed = await changedBy(live, call);
      return changed.length > 0 ? `refused as ${answer.error.code}, and yet it changed ${changed.join(', ')}` : null;
    };

    const input = inputsOf(operation, live.known);
    const who = fc.oneof({ weight: 5, arbitrary: fc.constant<Who>('administrator') }, { weight: 1, arbitrary: fc.constant<Who>('nobody') });
    const result = await fc.check(
      fc.asyncProperty(who, input, async (one, value) => {
        const fault = await faultOfCall(one, value);
        if (fault !== null) throw new Error(fault);
      }),
      { seed: random.between(0, 2 ** 31 - 1), numRuns: inputsEach, interruptAfterTimeLimit: 120_000 },
    );
    const [failedWho, failedInput] = result.counterexample ?? [];
    const wrong =
      result.failed && result.counterexample
        ? [`as ${failedWho}, ${fc.stringify(failedInput).slice(0, 2000)}: ${result.errorInstance}`]
        : [];
    const alive = await answerOf(live, 'administrator', 'session.status', {});
    if (alive === tooLate || !alive.ok) wrong.push('the backend serves no more');
    if (number % 40 === 0 || number % names.length === 0) {
      const integrity = live.sqlite.pragma('integrity_check', { simple: true });
      if (integrity !== 'ok') wrong.push(`integrity_check says ${String(integrity)}`);
      if ((live.sqlite.pragma('foreign_key_check') as unknown[]).length > 0) wrong.push('rows refer to nothing');
    }
    hold(name, wrong);
  },
  finish: (live) => live.close(),
};
