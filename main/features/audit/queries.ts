import type { Sqlite } from '../../../db/connection.ts';
import type { GridSource } from '../../../db/grid-query.ts';
import { taipeiDay } from '../../../domain/roc-date.ts';
import { entryHash } from '../../application/audit-chain.ts';
import { auditEntry } from '../../application/audit-log.ts';
import type { OutputOf } from '../contract.ts';

const outcome = `case a.outcome when 'done' then 'done' when 'permission.denied' then 'refused' when 'job.cancelled' then 'cancelled'
  when 'interrupted' then 'interrupted' else 'failed' end`;

/** Students by their whole number or part of their name. More than anyone means by one name is cut off. */
const studentsMeant = `select id from students where lower(student_number) = lower(@student) or instr(lower(name), lower(@student)) > 0 limit 500`;

export interface AuditScope {
  /** 學號 or part of a name: entries that keep such a student (index audit_subjects). */
  student?: string | undefined;
  /** UTC, ISO: entries from this instant on. */
  from?: string | undefined;
}

export function auditSource({ student, from }: AuditScope): GridSource {
  const wanted = student?.normalize('NFKC').trim() ?? '';
  const conditions = [
    ...(wanted === '' ? [] : [`a.sequence in (select sequence from audit_subjects where student_id in (${studentsMeant}))`]),
    ...(from === undefined ? [] : ['a.at >= @from']),
  ];
  return {
    from: 'audit_entries a left join audit_operations o on o.name = a.operation',
    ...(conditions.length === 0 ? {} : { where: conditions.join(' and ') }),
    parameters: { ...(wanted === '' ? {} : { student: wanted }), ...(from === undefined ? {} : { from }) },
    columns: {
      id: 'a.sequence',
      sequence: 'a.sequence',
      at: 'a.at',
      accountName: 'a.account_name',
      action: 'a.action',
      title: 'coalesce(o.title, a.operation)',
      module: 'a.module',
      // An entry without words of its own has the title of its operation there.
      summary: `iif(a.summary = coalesce(o.title, ''), '', a.summary)`,
      studentCount: 'a.student_count',
      outcome,
      code: 'a.outcome',
      hash: 'a.hash',
    },
    sortBy: { at: 'a.sequence', accountName: 'a.account_name, a.at' },
    tieBreaker: 'a.sequence desc',
  };
}

/** One entry with its students as they are known today. */
export function entryDetail(sqlite: Sqlite, sequence: number): OutputOf<'audit.detail'> | undefined {
  const entry = auditEntry(sqlite, sequence);
  if (!entry) return undefined;
  const title = sqlite.prepare<[string], string>('select title from audit_operations where name = ?').pluck().get(entry.operation);
  const displayName = sqlite.prepare<[string], string>('select display_name from accounts where name = ?').pluck().get(entry.accountName);
  const students = sqlite
    .prepare<[string], OutputOf<'audit.detail'>['students'][number]>(
      `select kept.value as id, s.student_number as studentNumber, s.name, c.name as className
       from json_each(?) kept left join students s on s.id = kept.value left join class_sections c on c.id = s.current_class_id
       order by kept.key`,
    )
    .all(entry.studentIds);
  const { studentIds: _ids, outcome: code, ...rest } = entry;
  return {
    ...rest,
    code,
    title: title ?? entry.operation,
    displayName: displayName ?? null,
    students,
    intact: entryHash(entry) === entry.hash,
  };
}

export interface DueEntries {
  /** The last of them; null for none. They begin at the first entry there is. */
  throughSequence: number | null;
  entries: number;
}

/**
 * The entries from the first one on that are older than a moment. Only a beginning of the log can be purged, so one that a wrong clock dated back
 * later on waits for those before it.
 */
export function dueEntries(sqlite: Sqlite, before: string): DueEntries {
  const row = sqlite
    .prepare<[string], DueEntries>(
      `select max(sequence) as throughSequence, count(*) as entries from audit_entries
       where sequence < coalesce((select min(sequence) from audit_entries where at >= ?), (select max(sequence) + 1 from audit_entries))`,
    )
    .get(before)!;
  return row;
}

/** The day (ISO, Taipei) from which on entries are kept, so many years back from today. 29 February goes back to the 28th. */
export function keptFrom(now: Date, years: number): string {
  const [year, month, day] = taipeiDay(now).split('-').map(Number) as [number, number, number];
  const last = new Date(Date.UTC(year - years, month, 0)).getUTCDate();
  return new Date(Date.UTC(year - years, month - 1, Math.min(day, last))).toISOString().slice(0, 10);
}

/** The instant at which a day of Taipei begins; UTC, ISO. */
export const beginningOf = (day: string): string => new Date(`${day}T00:00:00+08:00`).toISOString();

/** Keeps what each operation is called today; those of earlier versions stay. */
export function keepOperationTitles(sqlite: Sqlite, titles: ReadonlyMap<string, string>): void {
  const known = new Map(sqlite.prepare<[], [string, string]>('select name, title from audit_operations').raw().all());
  const keep = sqlite.prepare(
    'insert into audit_operations (name, title) values (?, ?) on conflict (name) do update set title = excluded.title',
  );
  for (const [name, title] of titles) if (known.get(name) !== title) keep.run(name, title);
}
