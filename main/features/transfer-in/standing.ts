import type { Sqlite } from '../../../db/connection.ts';
import type { PortfolioRecordKind } from '../../../domain/record-fields.ts';
import type { RecordStanding } from '../../../domain/transfer-conflicts.ts';

/** Each kind's resource at the city and its table here. */
export const recordTables = {
  outcome: { resource: 'outcomes', table: 'learning_outcomes' },
  performance: { resource: 'performances', table: 'diverse_performances' },
  cadre: { resource: 'cadres', table: 'cadres' },
} as const satisfies Record<PortfolioRecordKind, object>;
const kinds = { outcomes: 'outcome', performances: 'performance', cadres: 'cadre' } as const;
export const kindOf = (resource: PortfolioResource): PortfolioRecordKind => kinds[resource];
export type PortfolioResource = (typeof recordTables)[PortfolioRecordKind]['resource'];

/** A roster row of the record that the national database has not refused: found by the student's few rows. */
export const onLivingRoster = (record: string) => `exists (
  select 1 from sent_roster_rows row join sent_rosters roster on roster.id = row.sent_roster_id
    left join submissions line on line.id = roster.submission_id
  where row.student_id = ${record}.student_id and row.record_id = ${record}.id and coalesce(line.processing_status, 'waiting') <> 'refused')`;

/** The city has not taken a change of the record, and the office has not settled it. */
export const inDispute = (resource: PortfolioResource, record: string) => `exists (
  select 1 from outbox where resource = '${resource}' and record_id = ${record}.id and state in ('conflict', 'refused'))`;

type Row = Record<Exclude<keyof RecordStanding, 'state' | 'certifierId' | 'tickedAt' | 'submittedTerm'>, number> &
  Pick<RecordStanding, 'state' | 'certifierId' | 'tickedAt' | 'submittedTerm'>;

/** How a record stands here, beside its content. Prepared at the first record of a kind. */
export function standings(sqlite: Sqlite, schoolCode: string): (kind: PortfolioRecordKind, id: string) => RecordStanding {
  const prepare = (kind: PortfolioRecordKind) => {
    const { resource, table } = recordTables[kind];
    const ofOutcome = (column: string) => (kind === 'outcome' ? `r.${column}` : 'null');
    return sqlite.prepare<[string, string], Row>(
      `select r.submitted_term as submittedTerm, ${ofOutcome('state')} as state, ${ofOutcome('certifier_id')} as certifierId,
         coalesce(${ofOutcome('before_transfer')}, 0) as beforeTransfer, ${kind === 'cadre' ? 'null' : 'r.ticked_at'} as tickedAt,
         r.source_school_code = ? as own, ${onLivingRoster('r')} as handedIn, ${inDispute(resource, 'r')} as disputed
       from ${table} r where r.id = ?`,
    );
  };
  const prepared = new Map<PortfolioRecordKind, ReturnType<typeof prepare>>();
  return (kind, id) => {
    const statement = prepared.get(kind) ?? prepare(kind);
    prepared.set(kind, statement);
    const { beforeTransfer, own, handedIn, disputed, ...rest } = statement.get(schoolCode, id)!;
    return { ...rest, beforeTransfer: beforeTransfer === 1, own: own === 1, handedIn: handedIn === 1, disputed: disputed === 1 };
  };
}
