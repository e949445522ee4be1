/** What an academic high school teaches, by the curriculum of 108: invented only in its choice. */

/** 自然 and 社會: which elective courses a class takes from the second grade on. */
export type Track = 'general' | 'science' | 'humanities';

export interface Subject {
  /** Two characters of the course code; one subject, one code. */
  code: string;
  name: string;
  /** 領域名稱, two characters of the course code. */
  domain: string;
  /** 課程類別: 1 部定必修, 2 校訂必修, 3 加深加廣選修, 4 多元選修. */
  category: 1 | 2 | 3 | 4;
  /** How many teach a section together; more than one is 合開. */
  teachers: 1 | 2 | 3;
  /** How willingly students keep work of it, 1 is usual. */
  weight: number;
  /** Mean grade, 0 to 100. */
  mean: number;
}

function subject(
  code: string,
  name: string,
  domain: string,
  category: Subject['category'],
  mean: number,
  weight = 1,
  teachers: Subject['teachers'] = 1,
): Subject {
  return { code, name, domain, category, teachers, weight, mean };
}

export const subjects = {
  chinese: subject('01', '國語文', '01', 1, 74, 1.6),
  english: subject('02', '英語文', '01', 1, 71, 1.5),
  mathematics: subject('03', '數學', '02', 1, 63, 0.8),
  mathematicsA: subject('04', '數學A', '02', 1, 61, 0.7),
  mathematicsB: subject('05', '數學B', '02', 1, 66, 0.7),
  history: subject('06', '歷史', '03', 1, 72, 1.3),
  geography: subject('07', '地理', '03', 1, 73, 1.3),
  civics: subject('08', '公民與社會', '03', 1, 74, 1.2),
  physics: subject('09', '物理', '04', 1, 65, 0.9),
  chemistry: subject('10', '化學', '04', 1, 66, 0.9),
  biology: subject('11', '生物', '04', 1, 72, 1.3),
  earthScience: subject('12', '地球科學', '04', 1, 72, 1),
  scienceInquiry: subject('13', '自然科學探究與實作', '04', 1, 79, 2.6, 2),
  music: subject('14', '音樂', '05', 1, 84, 0.7),
  art: subject('15', '美術', '05', 1, 84, 1.4),
  artLife: subject('16', '藝術生活', '05', 1, 85, 0.9),
  technology: subject('17', '生活科技', '06', 1, 80, 1.6),
  computing: subject('18', '資訊科技', '06', 1, 77, 1.6),
  homeEconomics: subject('19', '家政', '06', 1, 85, 0.9),
  lifeEducation: subject('20', '生命教育', '06', 1, 86, 0.8),
  careerPlanning: subject('21', '生涯規劃', '06', 1, 86, 1),
  health: subject('22', '健康與護理', '07', 1, 83, 0.8),
  physicalEducation: subject('23', '體育', '07', 1, 85, 0.15),
  nationalDefence: subject('24', '全民國防教育', '08', 1, 84, 0.5),
  localLanguage: subject('25', '本土語文', '01', 1, 85, 0.5),
  inquiry: subject('26', '專題探究', '09', 2, 82, 2.8, 3),
  cityStudies: subject('27', '城市地理踏查', '09', 2, 83, 2, 2),
  physicsElective: subject('28', '選修物理', '04', 3, 64, 0.9),
  chemistryElective: subject('29', '選修化學', '04', 3, 65, 0.9),
  biologyElective: subject('30', '選修生物', '04', 3, 71, 1.2),
  mathematicsElective: subject('31', '數學甲', '02', 3, 60, 0.6),
  mathematicsSocial: subject('32', '數學乙', '02', 3, 63, 0.6),
  historyElective: subject('33', '族群、性別與國家的歷史', '03', 3, 74, 1.2),
  geographyElective: subject('34', '空間資訊科技', '03', 3, 75, 1.5),
  civicsElective: subject('35', '現代社會與經濟', '03', 3, 74, 1.1),
  literature: subject('36', '語文表達與傳播應用', '01', 3, 76, 1.3),
  englishElective: subject('37', '英文作文', '01', 3, 70, 1.1),
  choiceProgramming: subject('41', '程式設計入門', '10', 4, 79, 2.2),
  choiceFilm: subject('42', '影像敘事', '10', 4, 84, 2.2, 2),
  choiceJapanese: subject('43', '第二外國語日語', '10', 4, 80, 1),
  choiceLaw: subject('44', '法律與生活', '10', 4, 80, 1.2),
  choiceEconomics: subject('45', '行為經濟學', '10', 4, 78, 1.3),
  choiceMaker: subject('46', '創客與機構設計', '10', 4, 82, 2.2, 2),
  choiceEcology: subject('47', '溪流生態調查', '10', 4, 82, 2),
  choiceWriting: subject('48', '讀書會與評論寫作', '10', 4, 81, 1.4),
} as const satisfies Record<string, Subject>;

export interface PlannedCourse {
  subject: Subject;
  credits: number;
}

function plan(...courses: [Subject, number][]): PlannedCourse[] {
  return courses.map(([planned, credits]) => ({ subject: planned, credits }));
}

const s = subjects;
const core = plan([s.chinese, 4], [s.english, 4], [s.physicalEducation, 2]);

const firstGrade = {
  1: [
    ...core,
    ...plan(
      [s.mathematics, 4],
      [s.history, 2],
      [s.geography, 2],
      [s.physics, 2],
      [s.biology, 2],
      [s.music, 1],
      [s.art, 1],
      [s.technology, 2],
      [s.health, 1],
      [s.nationalDefence, 1],
      [s.localLanguage, 1],
      [s.cityStudies, 2],
    ),
  ],
  2: [
    ...core,
    ...plan(
      [s.mathematics, 4],
      [s.history, 2],
      [s.civics, 2],
      [s.chemistry, 2],
      [s.earthScience, 2],
      [s.music, 1],
      [s.art, 1],
      [s.computing, 2],
      [s.health, 1],
      [s.nationalDefence, 1],
      [s.localLanguage, 1],
      [s.cityStudies, 2],
    ),
  ],
} as const;
const secondGrade = {
  science: plan(
    [s.mathematicsA, 4],
    [s.physicsElective, 2],
    [s.chemistryElective, 2],
    [s.scienceInquiry, 2],
    [s.history, 2],
    [s.geography, 2],
    [s.artLife, 1],
    [s.lifeEducation, 1],
    [s.homeEconomics, 1],
    [s.inquiry, 2],
  ),
  humanities: plan(
    [s.mathematicsB, 4],
    [s.history, 2],
    [s.geography, 2],
    [s.civics, 2],
    [s.scienceInquiry, 2],
    [s.literature, 2],
    [s.artLife, 1],
    [s.lifeEducation, 1],
    [s.homeEconomics, 1],
    [s.inquiry, 2],
  ),
} as const;
const thirdGrade = {
  science: plan(
    [s.mathematicsElective, 4],
    [s.physicsElective, 3],
    [s.chemistryElective, 3],
    [s.biologyElective, 2],
    [s.englishElective, 2],
    [s.careerPlanning, 1],
    [s.art, 1],
    [s.technology, 1],
  ),
  humanities: plan(
    [s.mathematicsSocial, 3],
    [s.historyElective, 3],
    [s.geographyElective, 3],
    [s.civicsElective, 3],
    [s.englishElective, 2],
    [s.careerPlanning, 1],
    [s.art, 1],
    [s.literature, 1],
  ),
} as const;

/** The courses a class takes together in a term. */
export function classCourses(grade: number, semester: 1 | 2, track: Track): readonly PlannedCourse[] {
  if (grade === 1) return firstGrade[semester];
  const side = track === 'humanities' ? 'humanities' : 'science';
  return [...core, ...(grade === 2 ? secondGrade : thirdGrade)[side]];
}

/** 多元選修: opened for a whole grade; every student takes one of them, except in the second term of the third grade. */
export const gradeElectives: readonly PlannedCourse[] = plan(
  [s.choiceProgramming, 2],
  [s.choiceFilm, 2],
  [s.choiceJapanese, 2],
  [s.choiceLaw, 2],
  [s.choiceEconomics, 2],
  [s.choiceMaker, 2],
  [s.choiceEcology, 2],
  [s.choiceWriting, 2],
);

const trackLetter: Record<Track, string> = { general: '0', science: '1', humanities: '2' };

/**
 * A course code of 23 characters: 入學年3 學校代碼6 課程類型1 群別2 科別3 班群1 課程類別1 開課方式1 科目屬性1 領域2 科目2 (domain.md §2.3).
 * @param entryYear ROC year in which those who take the course entered
 */
export function courseCodeOf(entryYear: number, schoolCode: string, track: Track, subject: Subject): string {
  const shared = subject.teachers > 1 ? '2' : '0';
  return `${String(entryYear).padStart(3, '0')}${schoolCode}H11101${trackLetter[track]}${subject.category}${shared}0${subject.domain}${subject.code}`;
}

const gradeNames = ['', '一', '二', '三'];

/** 地理 in the second term of the third grade → 地理三下. */
export function courseNameOf(subject: Subject, grade: number, semester: 1 | 2): string {
  return `${subject.name}${gradeNames[grade]}${semester === 1 ? '上' : '下'}`;
}
