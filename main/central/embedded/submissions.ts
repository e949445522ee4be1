import { createHash } from 'node:crypto';
import type { Sqlite } from '../../../db/sqlite.ts';
import { taipeiDay } from '../../../domain/roc-date.ts';
import { type SubmissionAnswer, type SubmissionRequest, workbookMediaType } from '../protocol.ts';
import type { RecordOf } from '../resources.ts';

type SubmissionResult = RecordOf<'submission-results'>;

/** A roster that waits for its result, with what was said of it when it was handed in. */
export interface HandedIn extends Omit<SubmissionRequest, 'idempotencyKey'> {
  /** Of its line in submission-results. */
  id: string;
  submissionFileId: string;
}

/** What the national database says of a roster. */
export interface Verdict {
  accepted: boolean;
  statusText: string;
  /** The workbook of the refused rows. */
  answer?: { name: string; content: Buffer } | undefined;
}

/** A rule that refuses rows: those whose cell under the heading is the value. For tests, and to try a refusal in a trial school. */
export interface RefusalRule {
  column: string;
  value: string | number;
  message: string;
}

/** Rosters handed in (manual §3.6, §3.9, §3.14), from the FID to the result. */
export interface CitySubmissions {
  /** Takes a roster in; the same idempotency key is answered with the same FID, whatever has become of it. */
  submit: (submission: SubmissionRequest, now: Date) => SubmissionAnswer | { refusal: 'submission.windowClosed' };
  /** Those that have waited `delay` milliseconds for their result. */
  due: (now: Date, delay: number) => HandedIn[];
  /** Gives a waiting one its result; one that has it already is left alone. */
  settle: (submission: HandedIn, verdict: Verdict, now: Date) => void;
  /** What was handed in under a FID, and how it stands. */
  find: (submissionFileId: string) => { handedIn: HandedIn; record: SubmissionResult } | undefined;
  refusals: () => RefusalRule[];
  refuse: (rules: readonly RefusalRule[]) => void;
  /** Milliseconds until a result, where this city has its own. */
  resultDelay: () => number | undefined;
  delayResults: (milliseconds: number) => void;
}

/** What the submissions need of the store. */
export interface SubmissionStore {
  find: (id: string) => SubmissionResult | undefined;
  /** @returns the new version */
  put: (record: Omit<SubmissionResult, 'version' | 'deleted'>) => number;
  putFile: (sha256: string, mediaType: string, content: Buffer) => void;
}

const schema = 'CREATE TABLE IF NOT EXISTS handed_in (id TEXT PRIMARY KEY NOT NULL, data TEXT NOT NULL) STRICT;';

/** FIDs of all schools are counted on together (domain.md §2.2); this city's begin above those of its history. */
const firstSubmissionFileId = 60_000;

export function citySubmissions(sqlite: Sqlite, { find, put, putFile }: SubmissionStore): CitySubmissions {
  sqlite.exec(schema);
  const newest = sqlite.prepare<[], number>('select coalesce(max(version), 0) from records').pluck();
  const fateOf = sqlite.prepare<[string], string>('select fate from fates where idempotency_key = ?').pluck();
  const keepFate = sqlite.prepare('insert into fates (idempotency_key, fate) values (?, ?)');
  const keepRoster = sqlite.prepare('insert into handed_in (id, data) values (?, ?)');
  const rosterOf = sqlite.prepare<[string], string>('select data from handed_in where id = ?').pluck();
  const waiting = sqlite
    .prepare<[], string>(
      `select data from records where resource = 'submission-results' and deleted = 0 and json_extract(data, '$.processingStatus') = 'waiting'`,
    )
    .pluck();
  const openWindow = sqlite
    .prepare(
      `select 1 from records where resource = 'city-windows' and deleted = 0
         and json_extract(data, '$.purpose') = 'submission' and json_extract(data, '$.kind') = @kind
         and json_extract(data, '$.academicYear') = @academicYear and json_extract(data, '$.semester') = @semester
         and coalesce(json_extract(data, '$.batch'), 'regular') = @batch
         and @today between json_extract(data, '$.startsOn') and json_extract(data, '$.endsOn')`,
    )
    .pluck();
  const setting = sqlite.prepare<[string], string>('select value from settings where key = ?').pluck();
  const keepSetting = sqlite.prepare(
    'insert into settings (key, value) values (?, ?) on conflict (key) do update set value = excluded.value',
  );
  const idOf = (submissionFileId: string) => `submission-${submissionFileId}`;
  const handedIn = (id: string): HandedIn | undefined => {
    const data = rosterOf.get(id);
    return data === undefined ? undefined : (JSON.parse(data) as HandedIn);
  };

  return {
    submit: ({ idempotencyKey, ...submission }, now) =>
      sqlite
        .transaction((): SubmissionAnswer | { refusal: 'submission.windowClosed' } => {
          const before = fateOf.get(idempotencyKey);
          if (before !== undefined) return { submissionFileId: before, record: find(idOf(before))! };
          const { kind, academicYear, semester, batch, division, submittedBy } = submission;
          if (openWindow.get({ kind, academicYear, semester, batch, today: taipeiDay(now) }) === undefined) {
            return { refusal: 'submission.windowClosed' };
          }
          const submissionFileId = String(firstSubmissionFileId + newest.get()! + 1);
          const id = idOf(submissionFileId);
          keepFate.run(idempotencyKey, submissionFileId);
          keepRoster.run(id, JSON.stringify({ ...submission, id, submissionFileId } satisfies HandedIn));
          put({
            id,
            kind,
            academicYear,
            semester,
            batch,
            division,
            submissionFileId,
            statusText: '處理中',
            processingStatus: 'waiting',
            rosterName: null,
            submittedBy,
            submittedAt: now.toISOString(),
            resultReceivedAt: null,
            answer: null,
            rosterSha256: submission.sha256,
          });
          return { submissionFileId, record: find(id)! };
        })
        .immediate(),
    due: (now, delay) =>
      waiting
        .all()
        .map((data) => JSON.parse(data) as SubmissionResult)
        .filter(({ submittedAt }) => Date.parse(submittedAt) + delay <= now.getTime())
        .flatMap(({ id }) => handedIn(id) ?? []),
    settle: ({ id, rosterName }, { accepted, statusText, answer }, now) =>
      sqlite
        .transaction(() => {
          const { version: _version, deleted: _deleted, ...record } = find(id)!;
          if (record.processingStatus !== 'waiting') return;
          const hash = (algorithm: string) => createHash(algorithm).update(answer!.content).digest('hex');
          const reference = answer && {
            sha256: hash('sha256'),
            md5: hash('md5'),
            bytes: answer.content.byteLength,
            mediaType: workbookMediaType,
            name: answer.name,
          };
          if (reference) putFile(reference.sha256, workbookMediaType, answer.content);
          put({
            ...record,
            statusText,
            processingStatus: accepted ? 'accepted' : 'refused',
            rosterName: accepted ? null : rosterName,
            resultReceivedAt: now.toISOString(),
            answer: reference ?? null,
          });
        })
        .immediate(),
    find: (submissionFileId) => {
      const found = handedIn(idOf(submissionFileId));
      return found && { handedIn: found, record: find(found.id)! };
    },
    refusals: () => JSON.parse(setting.get('refusals') ?? '[]') as RefusalRule[],
    refuse: (rules) => {
      keepSetting.run('refusals', JSON.stringify(rules));
    },
    resultDelay: () => {
      const delay = setting.get('resultDelay');
      return delay === undefined ? undefined : Number(delay);
    },
    delayResults: (milliseconds) => {
      keepSetting.run('resultDelay', String(milliseconds));
    },
  };
}
