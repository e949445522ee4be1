import type { Sqlite } from '../../../db/connection.ts';
import type { GridSource } from '../../../db/grid-query.ts';
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

/** Keeps what each operation is called today; those of earlier versions stay. */
export function keepOperationTitles(sqlite: Sqlite, titles: ReadonlyMap<string, string>): void {
  const known = new Map(sqlite.prepare<[], [string, string]>('select name, title from audit_operations').raw().all());
  const keep = sqlite.prepare(
    'insert into audit_operations (name, title) values (?, ?) on conflict (name) do update set title = excluded.title',
  );
  for (const [name, title] of titles) if (known.get(name) !== title) keep.run(name, title);
}
