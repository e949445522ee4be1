import { toChineseNumeral } from '../../domain/class-order.ts';
import type { DraftOf } from '../../main/central/resources.ts';
import type { SchoolTerm } from './calendar.ts';
import {
  classCourses,
  courseCodeOf,
  courseNameOf,
  gradeElectives,
  type PlannedCourse,
  type Subject,
  subjects,
  type Track,
} from './curriculum.ts';
import { Random, stream } from './random.ts';
import { type AttendedTerm, type CohortClass, classIdOf, gradeIn, type Register, type SampleStudent } from './register.ts';
import { inventName } from './words/names.ts';

/** A course as a student takes it. */
export interface Offering {
  record: DraftOf<'teaching-assignments'>;
  subject: Subject;
}

/** Subjects one department teaches: the code of the subject it is named after. */
const departmentOf: Record<string, string> = {
  [subjects.mathematicsA.code]: subjects.mathematics.code,
  [subjects.mathematicsB.code]: subjects.mathematics.code,
  [subjects.mathematicsElective.code]: subjects.mathematics.code,
  [subjects.mathematicsSocial.code]: subjects.mathematics.code,
  [subjects.physicsElective.code]: subjects.physics.code,
  [subjects.chemistryElective.code]: subjects.chemistry.code,
  [subjects.biologyElective.code]: subjects.biology.code,
  [subjects.historyElective.code]: subjects.history.code,
  [subjects.geographyElective.code]: subjects.geography.code,
  [subjects.cityStudies.code]: subjects.geography.code,
  [subjects.civicsElective.code]: subjects.civics.code,
  [subjects.literature.code]: subjects.chinese.code,
  [subjects.englishElective.code]: subjects.english.code,
  [subjects.artLife.code]: subjects.art.code,
  [subjects.careerPlanning.code]: subjects.lifeEducation.code,
};
function department(subject: Subject): string {
  return departmentOf[subject.code] ?? subject.code;
}

/** Lessons a week of a full-time teacher. */
const weeklyLoad = 16;

type Teacher = DraftOf<'teachers'>;

/** 教師人員, 教師配課, 導師 and 輔導教師 of every term. */
export class Teaching {
  readonly teachers: readonly Teacher[];
  readonly offerings: readonly Offering[];
  readonly #register: Register;
  readonly #departments = new Map<string, Teacher[]>();
  /** The predecessor of a department's first teacher, retired before the current year. */
  readonly #retired = new Map<string, Teacher>();
  readonly #serving: Teacher[] = [];
  readonly #counselors: Teacher[] = [];
  readonly #byId: ReadonlyMap<string, Teacher>;
  readonly #byClass = new Map<string, Offering[]>();
  readonly #electives = new Map<string, Offering[]>();

  constructor(register: Register) {
    this.#register = register;
    const teachers: Teacher[] = [];
    const hire = (active: boolean): Teacher => {
      const number = teachers.length + 1;
      const random = new Random(register.options.seed, stream.teacher, number);
      const account = `t${String(number).padStart(3, '0')}`;
      const teacher = {
        id: `t-${String(number).padStart(4, '0')}`,
        account,
        name: inventName(random).text,
        email: random.chance(0.97) ? `${account}@example.edu.tw` : null,
        active,
      };
      teachers.push(teacher);
      return teacher;
    };
    for (const [name, lessons] of this.#peakLessons()) {
      const staff = Array.from({ length: Math.max(1, Math.ceil(lessons / weeklyLoad)) }, () => hire(true));
      this.#departments.set(name, staff);
      this.#serving.push(...staff);
      if (this.#departments.size % 7 === 3) this.#retired.set(name, hire(false));
    }
    const classes = register.cohorts.filter(({ graduated }) => !graduated).reduce((total, { classes: own }) => total + own.length, 0);
    for (let count = Math.max(1, Math.ceil(classes / 12)); count > 0; count -= 1) this.#counselors.push(hire(true));
    this.teachers = teachers;
    this.#byId = new Map(teachers.map((teacher) => [teacher.id, teacher]));
    this.offerings = this.#open();
  }

  /** 導師 of a class: one teacher a class, who stays with it. */
  homeroomTeacherOf(section: CohortClass): Teacher {
    const third = Math.floor(this.#serving.length / 3);
    return this.#serving[
      ((section.cohort.entryYear % 3) * third + (((section.number - 1) * 7) % Math.max(1, third))) % this.#serving.length
    ]!;
  }

  /** 輔導教師: about twelve classes each. */
  counselorOf(section: CohortClass): Teacher {
    return this.#counselors[Math.floor((section.number - 1) / 4) % this.#counselors.length]!;
  }

  /** 課程諮詢教師: teachers with that training, about six classes each. */
  courseCounselorOf(section: CohortClass): Teacher {
    return this.#serving[(Math.floor((section.number - 1) / 2) * 11 + (section.cohort.entryYear % 3)) % this.#serving.length]!;
  }

  /** What a student took in a term: his class's courses and, outside his last term, one elective. */
  coursesOf(student: SampleStudent, attended: AttendedTerm): readonly Offering[] {
    const own = this.#byClass.get(attended.classId)!;
    const electives = this.#electives.get(electiveKey(attended.term, attended.grade));
    if (!electives) return own;
    const choice = new Random(
      this.#register.options.seed,
      stream.courses,
      student.ordinal,
      attended.term.academicYear,
      attended.term.semester,
    ).pick(electives);
    return [...own, choice];
  }

  /** Who certified work of a course: one of its reviewers. */
  certifierOf(offering: Offering, random: Random): Teacher {
    const reviewers = offering.record.teachers.filter(({ reviewer }) => reviewer);
    return this.#byId.get(random.pick(reviewers).teacherId)!;
  }

  *classRecords(): IterableIterator<DraftOf<'classes'>> {
    for (const { section, term, grade, classId } of this.#register.classTerms()) {
      yield {
        id: classId,
        academicYear: term.academicYear,
        semester: term.semester,
        grade,
        code: `${grade}${String(section.number).padStart(2, '0')}`,
        name: `${toChineseNumeral(grade)}年${toChineseNumeral(section.number)}班`,
        departmentName: '普通科',
        homeroomTeacherId: this.homeroomTeacherOf(section).id,
        division: 'day',
      };
    }
  }

  *counselorRecords(): IterableIterator<DraftOf<'counselors'>> {
    for (const { section, term, classId } of this.#register.classTerms()) {
      yield {
        id: `k${classId.slice(1)}`,
        academicYear: term.academicYear,
        semester: term.semester,
        teacherId: this.counselorOf(section).id,
        classId,
      };
    }
  }

  /** Lessons a week of each department in its busiest term. */
  #peakLessons(): Map<string, number> {
    const peak = new Map<string, number>();
    for (const term of this.#register.calendar.terms) {
      const lessons = new Map<string, number>();
      const add = ({ subject, credits }: PlannedCourse) =>
        lessons.set(department(subject), (lessons.get(department(subject)) ?? 0) + credits);
      for (const cohort of this.#register.cohorts) {
        const grade = gradeIn(cohort.entryYear, term.academicYear);
        if (grade < 1 || grade > 3) continue;
        for (const section of cohort.classes) for (const course of classCourses(grade, term.semester, trackIn(section, grade))) add(course);
      }
      for (const [name, count] of lessons) peak.set(name, Math.max(count, peak.get(name) ?? 0));
    }
    return peak;
  }

  #open(): Offering[] {
    const offerings: Offering[] = [];
    const { schoolCode } = this.#register.options;
    const open = (
      term: SchoolTerm,
      entryYear: number,
      grade: number,
      track: Track,
      classId: string | null,
      { subject, credits }: PlannedCourse,
      staff: number,
    ) => {
      const offering: Offering = {
        subject,
        record: {
          id: `a-${String(offerings.length + 1).padStart(6, '0')}`,
          academicYear: term.academicYear,
          semester: term.semester,
          classId,
          courseCode: courseCodeOf(entryYear, schoolCode, track, subject),
          courseName: courseNameOf(subject, grade, term.semester),
          subjectName: subject.name,
          credits,
          grade,
          teachers: this.#staff(subject, term, staff),
        },
      };
      offerings.push(offering);
      return offering;
    };
    for (const { section, term, grade, classId } of this.#register.classTerms()) {
      const track = trackIn(section, grade);
      const { entryYear } = section.cohort;
      const courses = classCourses(grade, term.semester, track).map((course) =>
        open(term, entryYear, grade, track, classId, course, section.number - 1 + grade),
      );
      this.#byClass.set(classId, courses);
      const key = electiveKey(term, grade);
      const free = grade === 3 && term.semester === 2;
      if (free || this.#electives.has(key)) continue;
      const choices = gradeElectives.slice(0, Math.min(gradeElectives.length, section.cohort.classes.length + 2));
      this.#electives.set(
        key,
        choices.map((course, index) => open(term, entryYear, grade, 'general', null, course, index * 5 + grade)),
      );
    }
    return offerings;
  }

  /** Who teaches a section: the first certifies; of those who teach together, sometimes a second does, too. */
  #staff(subject: Subject, term: SchoolTerm, turn: number): { teacherId: string; reviewer: boolean }[] {
    const name = department(subject);
    const own = this.#departments.get(name) ?? this.#serving;
    const first = turn % own.length;
    const retired =
      term.current || term.academicYear === this.#register.calendar.current.academicYear ? undefined : this.#retired.get(name);
    const lead = first === 0 && retired ? retired : own[first]!;
    const team = [lead];
    // Who teaches together is of one department where it is large enough, else of the whole staff.
    const others = own.length >= subject.teachers ? own : this.#serving;
    for (let step = 1; team.length < Math.min(subject.teachers, others.length); step += 1) {
      const next = others[(first + step) % others.length]!;
      if (!team.includes(next)) team.push(next);
    }
    return team.map(({ id }, index) => ({ teacherId: id, reviewer: index === 0 || (index === 1 && turn % 3 === 0) }));
  }
}

function trackIn(section: CohortClass, grade: number): Track {
  return grade === 1 ? 'general' : section.track;
}

function electiveKey(term: { academicYear: number; semester: number }, grade: number): string {
  return classIdOf(term, grade, 0);
}
