import type { z } from 'zod';
import type { Connection } from '../../../db/connection.ts';
import { schoolName } from '../../../db/school-name.ts';
import { schoolSettings } from '../../application/school-settings.ts';
import type { cabinet } from './contract.ts';

type Cabinet = z.input<(typeof cabinet)['operations']['read']['output']>;

interface Row {
  recordId: string;
  importId: string;
  createdAt: string;
  createdBy: string;
  fileName: string;
  treatment: 'added' | 'beside' | 'replaced';
  written: string;
  before: string | null;
}

type Files = Partial<Record<'document' | 'media', { sha256: string } | null>>;

/** Which import each of a student's records came by, or has its content from, and the files that came with it. */
export function originsOf({ sqlite }: Connection, studentId: string): Cabinet['origins'] {
  const rows = sqlite
    .prepare<[object], Row>(
      `select n.record_id as recordId, i.id as importId, i.created_at as createdAt, i.created_by as createdBy, i.file_name as fileName,
         n.treatment, told.data as written, told.before
       from (select id, transfer_in_id from learning_outcomes where student_id = @studentId and transfer_in_id is not null
         union all select id, transfer_in_id from diverse_performances where student_id = @studentId and transfer_in_id is not null
         union all select id, transfer_in_id from cadres where student_id = @studentId and transfer_in_id is not null) r
       join transfer_in_records n on n.record_id = r.id and n.transfer_in_id = r.transfer_in_id
       join transfer_ins i on i.id = n.transfer_in_id
       left join outbox told on told.idempotency_key = n.change_key
       where n.treatment in ('added', 'beside', 'replaced')`,
    )
    .all({ studentId });
  return Object.fromEntries(
    rows.map(({ recordId, written, before, ...origin }) => {
      const [came, was] = [JSON.parse(written ?? '{}') as Files, JSON.parse(before ?? '{}') as Files];
      const files = (['document', 'media'] as const).flatMap((slot) => {
        const sha256 = came[slot]?.sha256;
        return sha256 !== undefined && sha256 !== was[slot]?.sha256 ? [sha256] : [];
      });
      return [recordId, { ...origin, files }];
    }),
  );
}

/** Names of the schools that a student's records are of, by code; those nobody knows are left out. */
export function schoolNamesOf(connection: Connection, codes: ReadonlySet<string>): Record<string, string> {
  const settings = schoolSettings(connection);
  const find = connection.sqlite.prepare<[object], string | null>(`select ${schoolName('@code')}`).pluck();
  const named = [...codes].map((code) => [
    code,
    code === settings.get('school.code') ? (settings.get('school.name') ?? null) : find.get({ code }),
  ]);
  return Object.fromEntries(named.filter(([, name]) => name !== null && name !== undefined));
}
