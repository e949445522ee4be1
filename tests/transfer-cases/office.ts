import type { AnswerOf, InputOf, OperationName, OutputOf } from '../../main/features/contract.ts';
import type { Clock } from '../../main/platform/clock.ts';
import { errorFrom } from '../../main/platform/errors.ts';
import { startTestCity, type TestCity } from '../support/city.ts';
import { type ConnectedOffice, connectOffice } from '../support/office.ts';
import { smallSchool, type student } from '../support/small-school.ts';

/** Nine in the morning in Taipei. */
export const morning = '2026-11-24T01:00:00.000Z';

type StudentChanges = NonNullable<Parameters<typeof student>[1]>;

/** An office on a city of a few students, whose register the test changes as the city would. */
export interface MovingSchool {
  city: TestCity;
  office: ConnectedOffice;
  /** The city changes a student (number 1, 2 …) and the office synchronises. */
  move: (number: number, changes: StudentChanges) => Promise<void>;
  /** The city changes a student; nobody synchronises yet. */
  change: (number: number, changes: StudentChanges) => void;
  /** The city deletes a student and the office synchronises. */
  remove: (number: number) => Promise<void>;
  call: <Name extends OperationName>(name: Name, input: InputOf<Name>) => Promise<AnswerOf<Name>>;
  runJob: <Name extends OperationName>(name: Name, input: InputOf<Name>) => Promise<OutputOf<Name>>;
  close: () => Promise<void>;
}

export async function openMovingSchool(
  students: ReturnType<typeof student>[] = [],
  clock: Clock = { now: () => new Date(morning) },
): Promise<MovingSchool> {
  const city = await startTestCity([...smallSchool(3), ...students], { clock });
  const office = await connectOffice(city, clock);
  await office.application.synchronise({});
  const signedIn = await office.application.signIn('desk', '999999adm', 'a password of the office');
  if (!signedIn.ok) throw errorFrom(signedIn.error);
  const inCity = (id: string) =>
    (JSON.parse(`[${city.store.page('students', 0, 2000, false).items}]`) as { id: string; version: number; deleted: boolean }[]).find(
      (record) => record.id === id,
    )!;
  const put = (id: string, operation: 'update' | 'delete', changes: StudentChanges) => {
    const { version, deleted: _deleted, id: _id, ...before } = inCity(id);
    const [fate] = city.store.change([
      { idempotencyKey: crypto.randomUUID(), resource: 'students', id, baseVersion: version, operation, data: { ...before, ...changes } },
    ]);
    if (fate!.outcome !== 'accepted') throw new Error(JSON.stringify(fate));
  };
  const change: MovingSchool['change'] = (number, changes) => put(`s${number}`, 'update', changes);
  const call: MovingSchool['call'] = async (name, input) => {
    const outcome = await office.application.call({ connectionId: 'desk' }, name, input);
    if (!outcome.ok) throw errorFrom(outcome.error);
    return outcome.data as never;
  };
  return {
    city,
    office,
    change,
    call,
    runJob: async (name, input) => {
      const { jobId } = (await call(name, input)) as { jobId: string };
      const job = await office.application.waitForJob(jobId);
      if (job.error) throw errorFrom(job.error);
      return job.result as never;
    },
    move: async (number, changes) => {
      change(number, changes);
      await office.application.synchronise({ resources: ['students'] });
    },
    remove: async (number) => {
      put(`s${number}`, 'delete', {});
      await office.application.synchronise({ resources: ['students'] });
    },
    close: async () => {
      await office.close();
      await city.close();
    },
  };
}

export const left = (on: string, school: string | null = '353301') =>
  ({ status: 'transferredOut', statusChangedOn: on, otherSchoolCode: school }) as const;
export const arrived = (on: string, school: string | null = '353301') =>
  ({ status: 'transferredIn', statusChangedOn: on, otherSchoolCode: school }) as const;
export const enrolled = { status: 'enrolled', statusChangedOn: null, otherSchoolCode: null } as const;
