import type { Sqlite } from '../../../db/connection.ts';
import { formatRocDay } from '../../../domain/roc-date.ts';

/** 代理認證教師: who certifies for a teacher who is away, both days included. */
export interface Deputy {
  teacherId: string;
  deputyId: string;
  startsOn: string;
  endsOn: string;
  reason: string;
}

export interface DeputyRefusal {
  field: 'teacherId' | 'deputyId' | 'startsOn' | 'endsOn' | 'reason';
  message: string;
}

interface Period {
  startsOn: string;
  endsOn: string;
}
const span = ({ startsOn, endsOn }: Period) => `${formatRocDay(startsOn)} ~ ${formatRocDay(endsOn)}`;

function periodsOf(sqlite: Sqlite, teacherId: string, but: string | null, { startsOn, endsOn }: Period): Period[] {
  return sqlite
    .prepare(
      `select starts_on as startsOn, ends_on as endsOn from deputy_certifiers
       where teacher_id = @teacherId and id is not @but and starts_on <= @endsOn and ends_on >= @startsOn and deleted_at is null
       order by starts_on`,
    )
    .all({ teacherId, but, startsOn, endsOn }) as Period[];
}

/**
 * Why a deputy cannot be set; nothing when one can.
 * @param id of the record that is being changed; null of a new one
 */
export function deputyRefusals(sqlite: Sqlite, id: string | null, deputy: Deputy): DeputyRefusal[] {
  const refusals: DeputyRefusal[] = [];
  const serves = sqlite.prepare('select 1 from teachers where id = ? and active = 1 and deleted_at is null').pluck();
  const known = sqlite.prepare('select 1 from teachers where id = ? and deleted_at is null').pluck();
  if (known.get(deputy.teacherId) === undefined) refusals.push({ field: 'teacherId', message: '找不到這位教師，請重新選擇。' });
  if (deputy.deputyId === deputy.teacherId) refusals.push({ field: 'deputyId', message: '代理教師不能是本人。' });
  else if (serves.get(deputy.deputyId) === undefined) refusals.push({ field: 'deputyId', message: '代理教師要是在職的教師，請重新選擇。' });
  if (deputy.endsOn < deputy.startsOn) refusals.push({ field: 'endsOn', message: '結束日期不能早於開始日期。' });
  else {
    const [overlap] = periodsOf(sqlite, deputy.teacherId, id, deputy);
    if (overlap) refusals.push({ field: 'startsOn', message: `這位教師在 ${span(overlap)} 已經有代理教師，兩段期間不能重疊。` });
  }
  if (deputy.reason.trim() === '') refusals.push({ field: 'reason', message: '請輸入事由，例如公假、產假。' });
  return refusals;
}

/** What a clerk should know although it can be set: the deputy is away himself in that time, or who goes away now stands in for another. */
export function deputyWarnings(sqlite: Sqlite, id: string | null, deputy: Deputy): string[] {
  const standsInFor = sqlite
    .prepare(
      `select t.name, k.starts_on as startsOn, k.ends_on as endsOn from deputy_certifiers k join teachers t on t.id = k.teacher_id
       where k.deputy_id = @teacherId and k.id is not @id and k.starts_on <= @endsOn and k.ends_on >= @startsOn and k.deleted_at is null
       order by k.starts_on`,
    )
    .all({ id, teacherId: deputy.teacherId, startsOn: deputy.startsOn, endsOn: deputy.endsOn }) as (Period & { name: string })[];
  return [
    ...periodsOf(sqlite, deputy.deputyId, id, deputy).map(
      (away) => `代理教師自己在 ${span(away)} 也由別人代理，請確認這段期間有人可以認證。`,
    ),
    ...standsInFor.map((other) => `這位教師在 ${span(other)} 正代理 ${other.name}，請為 ${other.name} 另選代理教師。`),
  ];
}
