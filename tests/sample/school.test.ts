import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type SampleOptions, sampleSchool, unsetInTrial } from '../../db/sample/index.ts';
import { tickLimits } from '../../domain/limits.ts';
import { identityKind, isValidIdentity } from '../../domain/national-id.ts';
import { performanceFields } from '../../domain/performance-fields.ts';
import { neverSubmitted, outcomeStates, type PerformanceCategory } from '../../domain/portfolio.ts';
import { type RecordOf, type ResourceName, registerResources, resourceNames, resourceSchemas } from '../../main/central/resources.ts';

const today = '2026-11-24';
const options: SampleOptions = { students: 240, years: 3, seed: 1, schoolCode: '999999', schoolName: '測試高中', today };

type Living = { [Name in ResourceName]: RecordOf<Name>[] };

/** The whole school, every record checked against the city's schema on the way. */
function gather(given: SampleOptions): Living {
  const gathered = Object.fromEntries(resourceNames.map((name) => [name, [] as unknown[]])) as Record<ResourceName, unknown[]>;
  for (const { resource, record } of sampleSchool(given).records()) {
    const checked = resourceSchemas[resource].safeParse({ ...record, version: 1, deleted: false });
    if (!checked.success) expect.fail(`${resource} ${record.id}: ${checked.error.message}`);
    gathered[resource].push(checked.data);
  }
  return gathered as Living;
}

function fingerprint(given: SampleOptions): string {
  const hash = createHash('sha256');
  for (const record of sampleSchool(given).records()) hash.update(JSON.stringify(record));
  return hash.digest('hex');
}

const school = gather(options);
const groups = <Item>(items: readonly Item[], key: (item: Item) => string) => Object.groupBy(items, key) as Record<string, Item[]>;

describe('the same options', () => {
  test('given them twice, when the school is made, then both are the same to the byte, files and recipes included', () => {
    const small = { ...options, students: 40 };
    expect(fingerprint(small)).toBe(fingerprint(small));
  });

  test.each([{ seed: 2 }, { students: 41 }, { years: 2 }, { schoolCode: '000001' }, { today: '2026-11-25' }])(
    'given %o instead, then the school is another',
    (other) => {
      const small = { ...options, students: 40 };
      expect(fingerprint({ ...small, ...other })).not.toBe(fingerprint(small));
    },
  );

  test('given one school read twice, when the second reading starts before the first ends, then they do not disturb each other', () => {
    const { records } = sampleSchool({ ...options, students: 3, years: 1 });
    const first = records();
    first.next();
    const second = [...records()];
    expect(second).toHaveLength([...first].length + 1);
  });
});

describe('the order of a sync', () => {
  test('given all records, when they are read one after the other, then resources come in order and refer only to what came before', () => {
    const known: Record<string, Set<string>> = {};
    const seen: string[] = [];
    const refers = (resource: ResourceName, id: string | null | undefined) => {
      if (id) expect(known[resource]?.has(id), `${resource} ${id}`).toBe(true);
    };
    for (const { resource, record } of sampleSchool({ ...options, students: 60 }).records()) {
      if (seen.at(-1) !== resource) seen.push(resource);
      known[resource] ??= new Set();
      expect(known[resource].has(record.id), `${resource} ${record.id} twice`).toBe(false);
      known[resource].add(record.id);
      if ('studentId' in record) refers('students', record.studentId);
      if ('studentIds' in record) for (const id of record.studentIds) refers('students', id);
      if ('classId' in record) refers('classes', record.classId);
      if ('courseOfferingId' in record) refers('teaching-assignments', record.courseOfferingId);
      if ('certifierId' in record) refers('teachers', record.certifierId);
      if ('homeroomTeacherId' in record) refers('teachers', record.homeroomTeacherId);
      if ('teacherId' in record) refers('teachers', record.teacherId);
      if ('teachers' in record) for (const { teacherId } of record.teachers) refers('teachers', teacherId);
      if ('enrollments' in record) for (const { classId } of record.enrollments) refers('classes', classId);
    }
    expect(seen).toEqual(resourceNames.filter((name) => !unsetInTrial.includes(name)));
  });

  test('given a receiving school without portfolios, when it is made, then it has the register and nothing else, of the same people', () => {
    const receiving = gather({ ...options, schoolCode: '000001', withoutPortfolios: true });
    expect(resourceNames.filter((name) => receiving[name].length > 0)).toEqual(
      resourceNames.filter((name) => registerResources.includes(name) && !unsetInTrial.includes(name)),
    );
    expect(receiving.students).toEqual(school.students);
  });
});

describe('the register', () => {
  test('given 240 students and three years, when they are counted, then they are those in school, with a few of each status', () => {
    const byStatus = groups(school.students, ({ status }) => status);
    expect(school.students).toHaveLength(240);
    expect(Object.keys(byStatus).sort()).toEqual(['enrolled', 'suspended', 'transferredIn', 'transferredOut']);
    expect(byStatus.enrolled!.length).toBeGreaterThan(220);
  });

  test('given five years, when the school is made, then two earlier cohorts come extra, graduated and of three whole grades', () => {
    const older = gather({ ...options, students: 60, years: 5 }).students;
    const graduated = older.filter(({ status }) => status === 'graduated');
    expect(older).toHaveLength(60 + graduated.length);
    expect(graduated.map(({ entryYear }) => entryYear)).toEqual(expect.arrayContaining([111, 112]));
    for (const { entryYear, enrollments } of graduated.filter((student) => student.entryYear >= 111)) {
      expect(enrollments.filter(({ academicYear }) => academicYear >= entryYear)).toHaveLength(6);
    }
  });

  test('given today in November 115, when classes are looked at, then they are of the terms from 1131 to 1151, three grades, 30 to 36 students', () => {
    expect([...new Set(school.classes.map(({ academicYear, semester }) => `${academicYear}${semester}`))]).toEqual([
      '1131',
      '1132',
      '1141',
      '1142',
      '1151',
    ]);
    const now = school.classes.filter(({ academicYear, semester }) => academicYear === 115 && semester === 1);
    expect(now.map(({ code, name }) => `${code} ${name}`)).toEqual(
      expect.arrayContaining(['101 一年一班', '102 一年二班', '201 二年一班', '301 三年一班']),
    );
    const sizes = gather({ ...options, students: 1200, years: 1, withoutPortfolios: true });
    const current = Object.values(
      groups(
        sizes.students.flatMap(({ enrollments }) => enrollments),
        ({ classId }) => classId,
      ),
    ).map((members) => members.length);
    expect(Math.min(...current)).toBeGreaterThanOrEqual(30);
    expect(Math.max(...current)).toBeLessThanOrEqual(37);
  });

  test('given any class, when its seats are read, then no seat is taken twice', () => {
    const seats = school.students.flatMap(({ enrollments }) => enrollments.map(({ classId, seatNumber }) => `${classId}/${seatNumber}`));
    expect(new Set(seats).size).toBe(seats.length);
  });

  test('given identities, when they are checked, then all are valid and unique, of all three shapes, and one student has none', () => {
    const identities = school.students.flatMap(({ identity }) => identity ?? []);
    expect(identities).toHaveLength(239);
    expect(identities.filter((identity) => !isValidIdentity(identity))).toEqual([]);
    expect(new Set(identities).size).toBe(239);
    expect(new Set(identities.map(identityKind))).toEqual(new Set(['nationalId', 'residentCertificate', 'oldResidentCertificate']));
    for (const { identity, sex } of school.students)
      if (identity && identityKind(identity) === 'nationalId') expect(identity[1]).toBe(sex === 'male' ? '1' : '2');
  });

  test('given 5,000 students, when identities and numbers are compared, then none is there twice', () => {
    const { students } = gather({ ...options, students: 5000, years: 1, withoutPortfolios: true });
    expect(new Set(students.map(({ identity }) => identity)).size).toBe(5000);
    expect(new Set(students.map(({ studentNumber }) => studentNumber)).size).toBe(5000);
    for (const { studentNumber, entryYear } of students) expect(studentNumber).toMatch(new RegExp(`^${entryYear}\\d{5}$`));
  });

  test('given names, when they are read, then a few hold characters outside the basic plane', () => {
    expect(school.students.some(({ name }) => [...name].some((character) => character.codePointAt(0)! > 0xffff))).toBe(true);
    expect(school.students.some(({ name }) => name.includes('喆'))).toBe(true);
  });

  test('given those who left and who came, when their terms are read, then leavers have none now, and arrivals only now, with an account', () => {
    const current = (student: RecordOf<'students'>) =>
      student.enrollments.filter(({ academicYear, semester }) => academicYear === 115 && semester === 1);
    for (const leaver of school.students.filter(({ status }) => status === 'transferredOut')) {
      expect(current(leaver)).toEqual([]);
      expect(leaver.enrollments.at(-1)).toMatchObject({ academicYear: 114, semester: 2 });
    }
    const { arrivals } = sampleSchool(options);
    expect(arrivals).toHaveLength(2);
    for (const id of arrivals) {
      const arrival = school.students.find((student) => student.id === id)!;
      expect(arrival.status).toBe('transferredIn');
      expect(arrival.account).not.toBeNull();
      expect(arrival.enrollments).toHaveLength(1);
      expect(current(arrival)).toHaveLength(1);
      for (const records of [school.outcomes, school.performances, school.cadres, school.autobiographies]) {
        expect(records.filter(({ studentId }) => studentId === id)).toEqual([]);
      }
      expect(school.consultations.filter(({ studentIds }) => studentIds.includes(id))).toEqual([]);
    }
  });

  test.each([
    [1, 0],
    [3, 1],
    [4, 2],
  ])('given %i students, when the school is made, then %i of them arrived', (students, arrivals) => {
    const tiny = sampleSchool({ ...options, students, years: 1 });
    expect(tiny.arrivals).toHaveLength(arrivals);
    expect([...tiny.records()].filter(({ resource }) => resource === 'students')).toHaveLength(students);
  });

  test.each([{ students: 0 }, { students: 5001 }, { years: 0 }, { years: 7 }, { students: 2.5 }, { seed: -1 }])(
    'given %o, then it is refused',
    (wrong) => {
      expect(() => sampleSchool({ ...options, ...wrong })).toThrow(RangeError);
    },
  );
});

describe('teaching', () => {
  test('given courses, when they are read, then codes have 23 characters with the year of entry and the school, and some are co-taught', () => {
    for (const { courseCode, grade, academicYear } of school['teaching-assignments']) {
      expect(courseCode).toMatch(/^[0-9A-Z]{23}$/);
      expect(courseCode.slice(0, 9)).toBe(`${academicYear - grade + 1}999999`);
    }
    const coTaught = school['teaching-assignments'].filter(({ teachers }) => teachers.length > 1);
    expect(coTaught.length).toBeGreaterThan(10);
    for (const { teachers } of coTaught) {
      expect(teachers.some(({ reviewer }) => reviewer)).toBe(true);
      expect(new Set(teachers.map(({ teacherId }) => teacherId)).size).toBe(teachers.length);
    }
    expect(school['teaching-assignments'].some(({ classId }) => classId === null)).toBe(true);
  });

  test('given classes of one term, when their homeroom teachers are read, then no teacher has two, and each class has a counselor', () => {
    for (const classes of Object.values(groups(school.classes, ({ academicYear, semester }) => `${academicYear}${semester}`))) {
      expect(new Set(classes.map(({ homeroomTeacherId }) => homeroomTeacherId)).size).toBe(classes.length);
    }
    expect(new Set(school.counselors.map(({ classId }) => classId))).toEqual(new Set(school.classes.map(({ id }) => id)));
  });

  test('given course records, when they are read, then this term has no grades yet, earlier ones have, and most passed', () => {
    const records = school['course-records'];
    expect(new Set(records.map(({ kind }) => kind))).toEqual(new Set(['regular', 'retake', 'makeup', 'repeat', 'exchange']));
    const current = records.filter(({ academicYear, semester }) => academicYear === 115 && semester === 1);
    expect(current.every(({ score, passed }) => score === null && passed === null)).toBe(true);
    const graded = records.filter((record) => !current.includes(record));
    expect(graded.every(({ score, passed }) => score !== null && passed === score >= 60)).toBe(true);
    const passed = graded.filter((record) => record.passed).length / graded.length;
    expect(passed).toBeGreaterThan(0.8);
    expect(passed).toBeLessThan(0.98);
  });
});

describe('learning outcomes', () => {
  const { outcomes } = school;

  test('given all of them, when states are counted, then every one is there and most are approved', () => {
    const byState = groups(outcomes, ({ state }) => state);
    expect(Object.keys(byState).sort()).toEqual([...outcomeStates].sort());
    expect(byState.approved!.length / outcomes.length).toBeGreaterThan(0.8);
    expect(byState.rejected!.length).toBeLessThan(byState.approved!.length * 0.1);
    expect(outcomes.some(({ tickedAt, submittedTerm }) => tickedAt !== null && submittedTerm === neverSubmitted)).toBe(true);
    expect(outcomes.some(({ submittedTerm }) => submittedTerm !== neverSubmitted)).toBe(true);
    for (const flag of ['retake', 'makeup', 'repeat', 'exchange', 'beforeTransfer'] as const)
      expect(
        outcomes.some((outcome) => outcome[flag]),
        flag,
      ).toBe(true);
  });

  test('given any outcome, when its history is read, then each step follows the one before and none lies after today', () => {
    for (const {
      state,
      createdAt,
      sentForCertificationAt,
      certifiedAt,
      certifierName,
      tickedAt,
      submittedTerm,
      document,
      media,
      summary,
      certificationRemark,
    } of outcomes) {
      const steps = [createdAt, sentForCertificationAt, certifiedAt, tickedAt].filter((step) => step !== null);
      expect(steps).toEqual([...steps].sort());
      expect(steps.at(-1)! < '2026-11-24T16:00:00Z').toBe(true);
      expect(sentForCertificationAt !== null).toBe(state !== 'draft');
      expect(certifiedAt !== null).toBe(state === 'approved' || state === 'rejected');
      expect(certifierName !== null).toBe(certifiedAt !== null);
      if (state === 'rejected') expect(certificationRemark).toBeTruthy();
      if (tickedAt) expect(state).toBe('approved');
      if (submittedTerm !== neverSubmitted) expect(tickedAt).not.toBeNull();
      expect(document ?? media).not.toBeNull();
      expect([...summary].length).toBeLessThanOrEqual(100);
    }
  });

  test('given a student and a year, when ticks are counted, then there are at most six outcomes and ten performances, and some use them all', () => {
    const count = (records: readonly { studentId: string; academicYear: number; tickedAt: string | null }[]) =>
      Object.values(
        groups(
          records.filter(({ tickedAt }) => tickedAt),
          ({ studentId, academicYear }) => `${studentId}/${academicYear}`,
        ),
      ).map((ticked) => ticked.length);
    expect(Math.max(...count(outcomes))).toBe(tickLimits.outcomes);
    expect(Math.max(...count(school.performances))).toBe(tickLimits.performances);
  });

  test('given a year that is handed in, when ticked records are read, then they are submitted, and those of this year are not', () => {
    for (const { academicYear, tickedAt, submittedTerm } of [...outcomes, ...school.performances]) {
      if (tickedAt) expect(submittedTerm).toBe(academicYear < 115 ? `${academicYear + 1}1` : neverSubmitted);
    }
  });

  test('given leavers, when their last year is read, then they could not tick it any more', () => {
    const leavers = new Set(school.students.filter(({ status }) => status === 'transferredOut').map(({ id }) => id));
    const last = outcomes.filter(({ studentId, academicYear }) => leavers.has(studentId) && academicYear === 114);
    expect(last.length).toBeGreaterThan(0);
    expect(last.every(({ tickedAt }) => tickedAt === null)).toBe(true);
  });

  test('given special cases, when they are read, then each says when and how, and what came from elsewhere names that school', () => {
    for (const outcome of outcomes) {
      expect(outcome.retakeTerm !== null).toBe(outcome.retake);
      expect(outcome.makeupTerm !== null).toBe(outcome.makeup);
      expect(outcome.repeatTerm !== null).toBe(outcome.repeat);
      expect(outcome.sourceSchoolCode !== '999999').toBe(outcome.exchange || outcome.beforeTransfer);
    }
  });

  test('given what students keep, when it is counted, then it is skewed: some have few, some many', () => {
    const perStudent = Object.values(groups(outcomes, ({ studentId }) => studentId))
      .map((own) => own.length)
      .sort((a, b) => a - b);
    expect(perStudent[Math.floor(perStudent.length * 0.1)]! * 4).toBeLessThan(perStudent[Math.floor(perStudent.length * 0.9)]!);
  });
});

describe('performances', () => {
  test('given all of them, when categories are read, then all ten are there, each with all its official fields and nothing else', () => {
    expect(new Set(school.performances.map(({ category }) => category)).size).toBe(10);
    for (const { category, details, summary } of school.performances) {
      const fields = performanceFields[category as PerformanceCategory];
      expect(Object.keys(details)).toEqual(fields.map(({ key }) => key));
      for (const { key, kind } of fields) {
        if (kind === 'number') expect(typeof details[key], key).toBe('number');
        if (kind === 'day') expect(details[key]).toMatch(/^20\d\d-\d\d-\d\d$/);
      }
      if (details.startsOn) expect(details.startsOn <= details.endsOn!).toBe(true);
      expect([...summary].length).toBeLessThanOrEqual(100);
    }
  });
});

describe('what the city keeps', () => {
  test('given its windows, when today is looked up, then some are open for work and one for handing in', () => {
    const open = school['city-windows'].filter(({ startsOn, endsOn }) => startsOn <= today && today <= endsOn);
    expect(new Set(open.map(({ purpose }) => purpose))).toEqual(new Set(['operation', 'submission']));
  });

  test('given past submissions, when they are read, then both results are there in the words of the manual, each within six minutes', () => {
    const results = school['submission-results'];
    expect(new Set(results.map(({ kind, processingStatus }) => `${kind} ${processingStatus}`)).size).toBeGreaterThanOrEqual(5);
    for (const { statusText, processingStatus, rosterName, submittedAt, resultReceivedAt, submissionFileId } of results) {
      expect(statusText).toMatch(processingStatus === 'accepted' ? /^檢核無誤，資料已匯/ : /^資料檢核錯誤，請.+\{名冊名稱=.+\}$/);
      if (rosterName) expect(statusText).toContain(`名冊名稱=${rosterName}`);
      const seconds = (Date.parse(resultReceivedAt!) - Date.parse(submittedAt)) / 1000;
      expect(seconds).toBeGreaterThanOrEqual(34);
      expect(seconds).toBeLessThan(360);
      expect(submissionFileId).toMatch(/^\d{5}$/);
    }
    const numbers = results.map(({ submissionFileId }) => Number(submissionFileId));
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  });

  test('given receipts, when they are read, then most were worked off at night and a few were not received whole', () => {
    expect(school.receipts.length).toBeGreaterThan(30);
    expect(school.receipts.filter(({ status }) => status === '處理完成').length).toBeGreaterThan(school.receipts.length * 0.8);
    expect(school.receipts.some(({ allReceived }) => !allReceived)).toBe(true);
    for (const { receivedAt, finishedAt } of school.receipts) if (finishedAt) expect(finishedAt > receivedAt).toBe(true);
  });

  test('given consultations, rewards, absences, cadres, tests and autobiographies, when they are counted, then there are some of every kind', () => {
    expect(new Set(school.consultations.map(({ kind }) => kind))).toEqual(new Set(['團體諮詢', '個別諮詢']));
    expect(new Set(school.attendance.map(({ absenceCode }) => absenceCode)).size).toBeGreaterThanOrEqual(5);
    expect(school.rewards.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['嘉獎', '小功', '警告']));
    expect(new Set(school.autobiographies.map(({ kind }) => kind))).toEqual(new Set(['autobiography', 'studyPlan']));
    expect(school.cadres.some(({ submittedTerm }) => submittedTerm !== neverSubmitted)).toBe(true);
    expect(school['psychological-tests'].length).toBeGreaterThan(100);
  });
});

describe('other days', () => {
  test.each(['2026-08-15', '2026-10-01', '2027-01-15', '2027-02-05', '2027-03-15', '2027-07-20'])(
    'given %s as today, when the school is made, then nothing lies after it',
    (day) => {
      const other = gather({ ...options, students: 60, years: 2, today: day });
      const end = new Date(Date.parse(`${day}T24:00:00+08:00`)).toISOString();
      for (const { createdAt, tickedAt, certifiedAt } of other.outcomes)
        expect([createdAt, tickedAt, certifiedAt].every((at) => at === null || at < end)).toBe(true);
      for (const { createdAt, tickedAt } of other.performances)
        expect([createdAt, tickedAt].every((at) => at === null || at < end)).toBe(true);
      for (const { day: absent } of other.attendance) expect(absent <= day).toBe(true);
      for (const { statusChangedOn } of other.students) if (statusChangedOn) expect(statusChangedOn <= day).toBe(true);
      for (const { submittedAt } of other['submission-results']) expect(submittedAt < end).toBe(true);
    },
  );
});
