import type { Sqlite } from '../../../db/connection.ts';
import type { GridSource } from '../../../db/grid-query.ts';
import type { TemporaryAccountPurpose, TemporaryAccountStatus } from '../../../domain/office-settings.ts';
import type { EnrollmentStatus } from '../../../domain/portfolio.ts';
import { taipeiDay } from '../../../domain/roc-date.ts';
import { termOfDate } from '../../../domain/term.ts';

/**
 * Accounts, and students who moved and have none. Leavers stand before arrivals, the latest first: they are the ones who can no longer
 * sign in. The purpose of a row without an account is the one it would be opened for.
 * @param everyone also who moved before the last academic year began
 */
export function temporaryAccountSource({ everyone }: { everyone: boolean }, now: Date): GridSource {
  const { academicYear } = termOfDate(taipeiDay(now));
  return {
    from: `(
      select s.id as student_id, a.id as account_id
      from students s left join temporary_accounts a on a.student_id = s.id and a.deleted_at is null
      where s.status in ('transferredOut', 'transferredIn') and s.deleted_at is null
        and (a.id is not null or @everyone or s.status_changed_on >= @since)
      union
      select student_id, id from temporary_accounts where deleted_at is null
    ) r
    join students s on s.id = r.student_id
    left join temporary_accounts a on a.id = r.account_id
    left join class_sections c on c.id = s.current_class_id`,
    parameters: { everyone: everyone ? 1 : 0, since: `${academicYear - 1 + 1911}-08-01`, now: now.toISOString() },
    columns: {
      id: 'coalesce(a.id, s.id)',
      studentId: 's.id',
      hasAccountInUse: `exists (select 1 from temporary_accounts u where u.student_id = s.id and u.deleted_at is null
        and u.status = 'open' and u.expires_at > @now)`,
      academicYear: 'c.academic_year',
      className: 'c.name',
      seatNumber: 's.current_seat_number',
      studentNumber: 's.student_number',
      name: 's.name',
      movedOn: 's.status_changed_on',
      account: 'a.account',
      purpose: "coalesce(a.purpose, iif(s.status = 'transferredIn', 'transferredIn', 'transferredOut'))",
      state:
        "case when a.id is null then 'none' when a.status = 'disabled' then 'disabled' when a.expires_at <= @now then 'expired' else 'inUse' end",
      opensAt: 'a.opens_at',
      expiresAt: 'a.expires_at',
      openedBy: 'a.opened_by',
    },
    sortBy: {
      className: 's.current_class_sort_key, s.current_seat_number',
      movedOn: "(s.status = 'transferredOut'), s.status_changed_on",
    },
    tieBreaker: 's.student_number, a.opens_at desc',
  };
}

/** Who an account is, or would be, for. */
export interface MovedStudent {
  id: string;
  studentNumber: string;
  name: string;
  className: string;
  status: EnrollmentStatus;
}

export function movedStudent(sqlite: Sqlite, id: string): MovedStudent | undefined {
  return sqlite
    .prepare<[string], MovedStudent>(
      `select s.id, s.student_number as studentNumber, s.name, coalesce(c.name, '') as className, s.status
       from students s left join class_sections c on c.id = s.current_class_id where s.id = ? and s.deleted_at is null`,
    )
    .get(id);
}

/** Whether the student has an account in use for the purpose, other than `except`. */
export function hasAccountInUse(sqlite: Sqlite, studentId: string, purpose: string, now: Date, except = ''): boolean {
  return (
    sqlite
      .prepare(
        `select 1 from temporary_accounts
         where student_id = ? and purpose = ? and status = 'open' and expires_at > ? and deleted_at is null and id <> ?`,
      )
      .get(studentId, purpose, now.toISOString(), except) !== undefined
  );
}

/** What is kept of an account, its times as UTC instants. */
export interface AccountOnFile {
  id: string;
  studentId: string;
  purpose: TemporaryAccountPurpose;
  account: string;
  status: TemporaryAccountStatus;
  opensAt: string;
  expiresAt: string;
}

export function accountOf(sqlite: Sqlite, id: string): AccountOnFile | undefined {
  return sqlite
    .prepare<[string], AccountOnFile>(
      `select id, student_id as studentId, purpose, account, status, opens_at as opensAt, expires_at as expiresAt
       from temporary_accounts where id = ? and deleted_at is null`,
    )
    .get(id);
}
