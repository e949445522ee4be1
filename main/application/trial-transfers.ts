import { taipeiDay } from '../../domain/roc-date.ts';
import type { TransferDirection } from '../../domain/transfer-case.ts';
import { officeSteps, type Steps } from '../features/transfer-cases/steps.ts';
import { transferOutHandlers } from '../features/transfer-out/service.ts';
import type { Application } from './application.ts';
import type { CallContext } from './router.ts';

interface Moved {
  id: string;
  studentId: string;
}

/**
 * Lets the trial school's office have done some of its transfers, so that a newcomer sees cases in every state: of five leavers one still
 * without a file, three with real files, each a step further than the one before, one that nothing has to be done for; of the two arrivals
 * whose files lie in the trial's folder one received, one asked for. The same of the same school and day; a school of fewer leavers
 * shows fewer states.
 */
export async function workOnTransfers(application: Application, accountName: string): Promise<void> {
  const { foundation } = application;
  const { sqlite } = foundation.connection;
  const now = foundation.clock.now();
  const on = taipeiDay(now);
  /** Open cases of students who can have a file, the longest waiting first. Damaged attachments cannot be fetched. */
  const casesOf = (direction: TransferDirection) =>
    sqlite
      .prepare<[string], Moved>(
        `select k.id, k.student_id as studentId from transfer_cases k join students s on s.id = k.student_id
         where k.direction = ? and k.finished_at is null and s.identity is not null
           and not exists (select 1 from learning_outcomes o join damaged_files d on d.id in (o.document_sha256, o.media_sha256)
             where o.student_id = s.id)
         order by k.moved_on, s.student_number`,
      )
      .all(direction);
  const record = (step: (steps: Steps) => unknown) =>
    foundation.write(() => step(officeSteps(sqlite, { at: now.toISOString(), accountName }, on)));

  const [, fileMade, handedOver, acknowledged, unneeded] = casesOf('out');
  const leaving = [fileMade, handedOver, acknowledged].filter((one) => one !== undefined);
  if (leaving.length > 0) {
    const context: CallContext = {
      connectionId: 'trial',
      callId: 'trial',
      session: null,
      accountName,
      signal: new AbortController().signal,
      report: () => {},
    };
    const studentIds = leaving.map(({ studentId }) => studentId);
    await transferOutHandlers(foundation, application).produce({ studentIds, oneFile: false, format: 'aes256' }, context);
  }
  for (const one of [handedOver, acknowledged]) {
    if (!one) continue;
    const handover = { on, how: 'post', to: '註冊組', password: { on, how: 'phone' }, remark: '掛號寄送' } as const;
    await record((steps) => steps.handOver([{ id: one.id }], handover));
  }
  if (acknowledged) await record((steps) => steps.acknowledge([acknowledged.id], { on, by: '註冊組承辦人', remark: '' }));
  if (unneeded) await record((steps) => steps.markUnneeded('out', [unneeded.id], { reason: 'abroad', remark: '' }));

  const hasPortfolio = sqlite.prepare<[string], number>('select 1 from learning_outcomes where student_id = ? limit 1').pluck();
  const [received, requested] = casesOf('in').filter(({ studentId }) => hasPortfolio.get(studentId) === undefined);
  if (received) await record((steps) => steps.receive([received.id], { on, how: 'post', remark: '檔案在試用資料夾 trial' }));
  if (requested) {
    const request = { on, how: 'phone', whom: '原就讀學校註冊組', remark: '' } as const;
    await record((steps) => steps.request([requested.id], request));
  }
}
