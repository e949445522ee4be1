import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { schoolSettings } from '../../main/application/school-settings.ts';
import { temporaryFolder } from '../support/directories.ts';
import { layTrial, signInto, type Trial, trialPassword } from '../support/trial.ts';
import type { Laid } from './laid.ts';
import { senderAccount } from './transfers.ts';
import type { Work } from './work.ts';

/** Changes of the office through the contract, each of which is acknowledged: settings, parameters, roles and accounts. */

const one = <Value>(school: Trial, sql: string, ...parameters: string[]): Value =>
  school.application.foundation.connection.sqlite
    .prepare<string[], Value>(sql)
    .pluck()
    .get(...parameters) as Value;

const group = '測試群組';
const groupOf = (school: Trial) => one<string>(school, 'select id from role_groups where name = ?', group);
/** A teacher's account that has a password, made for the template. */
const clerkOf = (school: Trial) =>
  one<string>(school, "select id from accounts where password_hash is not null and name not like '%adm' order by id limit 1");

interface Kind {
  name: string;
  /** Shared with the city: it stands in the outbox as well. */
  shared: boolean;
  change: (school: Trial, number: number) => Promise<unknown>;
  /** What the office would see of it. */
  read: (school: Trial) => unknown;
  /** What it is after a change. */
  after: (number: number) => unknown;
}

const uploads = (number: number) => 6 + (number % 900);
const clock = (number: number) => `${String(number % 24).padStart(2, '0')}:${String(number % 60).padStart(2, '0')}`;
const isEven = (number: number) => Math.floor(number / kinds.length) % 2 === 0;

const kinds: readonly Kind[] = [
  {
    name: 'parameters.save',
    shared: true,
    change: async (school, number) => {
      const { values } = await school.call('parameters.values', {});
      return school.call('parameters.save', { values: { ...values, outcomesPerTerm: uploads(number) } });
    },
    read: (school) => one(school, "select value from function_parameters where id = 'outcomesPerTerm'"),
    after: uploads,
  },
  {
    name: 'roles.update',
    shared: false,
    change: (school, number) =>
      school.call('roles.update', { id: groupOf(school), code: '999', name: group, enabled: true, remark: `第 ${number} 次` }),
    read: (school) => one(school, 'select remark from role_groups where name = ?', group),
    after: (number) => `第 ${number} 次`,
  },
  {
    name: 'roles.setModules',
    shared: false,
    change: (school, number) =>
      school.call('roles.setModules', {
        groupId: groupOf(school),
        modules: [{ module: 'S0220S', create: isEven(number), update: true, delete: !isEven(number) }],
      }),
    read: (school) =>
      one(
        school,
        `select can_create || ' ' || can_delete from role_group_modules m join role_groups g on g.id = m.role_group_id where g.name = ?`,
        group,
      ),
    after: (number) => (isEven(number) ? '1 0' : '0 1'),
  },
  {
    name: 'roles.setAccountEnabled',
    shared: false,
    change: (school, number) => school.call('roles.setAccountEnabled', { accountId: clerkOf(school), enabled: isEven(number) }),
    read: (school) => one(school, 'select enabled from accounts where id = ?', clerkOf(school)),
    after: (number) => (isEven(number) ? 1 : 0),
  },
  {
    name: 'backup.saveSettings',
    shared: false,
    change: (school, number) => school.call('backup.saveSettings', { time: clock(number), secondPlace: null }),
    read: (school) => schoolSettings(school.application.foundation.connection).get('backup.time'),
    after: clock,
  },
  {
    name: 'slips.saveRemarks',
    shared: false,
    change: (school, number) => school.call('slips.saveRemarks', { remarks: `備註第 ${number} 版` }),
    read: (school) => schoolSettings(school.application.foundation.connection).get('slips.remarks'),
    after: (number) => `備註第 ${number} 版`,
  },
  {
    name: 'audit.saveRetention',
    shared: false,
    change: (school, number) => school.call('audit.saveRetention', { keptYears: 1 + (number % 10) }),
    read: (school) => schoolSettings(school.application.foundation.connection).get('audit.keptYears'),
    after: (number) => 1 + (number % 10),
  },
];

const kindOf = (number: number): Kind => kinds[number % kinds.length]!;

/** Makes the change of a number: the next kind, to another value than the time before. */
export const makeChange = (school: Trial, number: number): Promise<unknown> => kindOf(number).change(school, number);

const changesOfErrand = 3 * kinds.length;

/** What was acknowledged is there; the one after it is there or not; none after that. The next run begins with the one that nobody answered. */
function layChanging(template: string, directory: string): Laid {
  cpSync(template, directory, { recursive: true });
  let next = 0;
  /** The newest change of each kind that was acknowledged, and how many were. */
  const acknowledged = new Map<Kind, { last: number; count: number }>();
  const wrong = (school: Trial): string[] => kinds.flatMap((kind) => wrongOf(kind, school, acknowledged.get(kind), next));
  return {
    accountName: senderAccount,
    get errand() {
      return { work: 'change' as const, first: next, count: changesOfErrand };
    },
    heard: (told) => {
      if (told.told !== 'acknowledged') return;
      const kind = kindOf(told.number);
      acknowledged.set(kind, { last: told.number, count: (acknowledged.get(kind)?.count ?? 0) + 1 });
      next = told.number + 1;
    },
    secrets: [],
    wrongAtStart: wrong,
    wrongAtEnd: wrong,
  };
}

function wrongOf(kind: Kind, school: Trial, acknowledged: { last: number; count: number } | undefined, next: number): string[] {
  if (!acknowledged) return [];
  const { last, count } = acknowledged;
  const { sqlite } = school.application.foundation.connection;
  const faults: string[] = [];
  const found = kind.read(school);
  const mayBe = [kind.after(last), ...(kindOf(next) === kind ? [kind.after(next)] : [])];
  if (!mayBe.includes(found)) faults.push(`${kind.name}: ${JSON.stringify(found)} is there, acknowledged was ${JSON.stringify(mayBe[0])}`);
  const audited = sqlite
    .prepare<[string], number>("select count(*) from audit_entries where operation = ? and outcome = 'done'")
    .pluck()
    .get(kind.name)!;
  if (audited < count) faults.push(`${kind.name}: ${audited} entries in the audit log, ${count} were acknowledged`);
  if (kind.shared) {
    const told = sqlite.prepare<[], number>("select count(*) from outbox where resource = 'parameters'").pluck().get()!;
    if (told !== count && !(kindOf(next) === kind && told === count + 1))
      faults.push(`${kind.name}: ${told} entries in the outbox, ${count} were acknowledged`);
  }
  return faults;
}

let made: Promise<string> | undefined;

/** A school without a city within reach, whose office has a group and an account to change. Made once a process. */
function template(): Promise<string> {
  made ??= (async () => {
    const folder = temporaryFolder('faults-office');
    process.once('exit', folder.remove);
    const directory = join(folder.path, 'office');
    await layTrial(directory, { students: 12, years: 1 });
    const school = await signInto(directory, senderAccount, trialPassword);
    try {
      const { id } = await school.call('roles.create', { code: '999', name: group, enabled: true, remark: '' });
      const { available } = await school.call('roles.people', { groupId: id });
      const clerk = available.find(({ administrator }) => !administrator)!;
      await school.call('roles.givePassword', { accountId: clerk.id });
      const { connection, write } = school.application.foundation;
      const others = connection.sqlite.prepare("update accounts set password_hash = null where id <> ? and name not like '%adm'");
      await write(() => others.run(clerk.id));
    } finally {
      await school.close();
    }
    return directory;
  })();
  return made;
}

export const changing: Work = {
  name: 'settings',
  prepare: async () => {
    const directory = await template();
    return (path) => layChanging(directory, path);
  },
};
