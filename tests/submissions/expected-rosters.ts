import type { Sqlite } from '../../db/connection.ts';

/**
 * What a roster must hold, worked out from whole tables in plain TypeScript: no source, layout or formatter of the program has a part in it. Headings are
 * those of domain.md §1.1, §1.2 and §2.1.
 */
export type Cell = string | number | null;
type Row = Record<string, Cell>;

export interface ExpectedRow {
  recordId: string;
  studentId: string;
  className: string | null;
  seatNumber: number | null;
  cells: Cell[];
}
export interface ExpectedSheet {
  headings: string[];
  /** By heading: `day` of 民國 digits, `number`, `text`. */
  kinds: ('text' | 'number' | 'day')[];
  rows: ExpectedRow[];
}
export interface RosterWanted {
  academicYear: number;
  /** Of cadres. */
  semester?: number;
  grades: readonly number[];
  /** 高三's batches hold nobody without a class. */
  regular?: boolean;
  division?: 'day' | 'continuing';
  /** The city's template. */
  fileLinks: string;
  /** Names of classes in the order in which a school lists them. */
  classOrder: readonly string[];
}

const extensions: Record<string, string> = {
  'application/pdf': 'pdf',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'audio/mpeg': 'mp3',
  'video/mp4': 'mp4',
};

/** `2009-03-05` → `0980305`. */
export function rocDigits(day: string): string {
  const [year, month, date] = day.split('-');
  return `${String(Number(year) - 1911).padStart(3, '0')}${month}${date}`;
}

interface Column {
  heading: string;
  kind: 'text' | 'number' | 'day';
  of: (record: Row) => Cell;
}

/** `單位名稱 details.unitName; 開始日期 details.startsOn day`: a heading, where it is, and its kind unless it is text. */
function columnsOf(description: string): Column[] {
  return description.split(';').map((part) => {
    const [heading, path, kind = 'text'] = part.trim().split(' ') as [string, string, Column['kind']?];
    const of = (record: Row): Cell => {
      const [first, key] = path.split('.') as [string, string?];
      const value = key === undefined ? record[first] : ((JSON.parse(String(record.details)) as Row)[key] ?? null);
      if (value === null || value === undefined || value === '') return null;
      return kind === 'day' ? rocDigits(String(value)) : value;
    };
    return { heading, kind, of };
  });
}

const person = '身分證號 identity; 出生日期 birth_date day;';
const files = '證明文件連結 document_link; 影音檔案連結 media_link; 外部影音連結 external_link';

/** 25: name of the sheet and its columns, by category. */
const performanceSheets: readonly [string, string][] = [
  [
    '幹部經歷暨事蹟紀錄',
    '單位名稱 d.unitName; 開始日期 d.startsOn day; 結束日期 d.endsOn day; 擔任職務 d.positionName; 內容簡述 summary; 幹部等級 d.levelCode',
  ],
  [
    '競賽參與紀錄',
    '競賽名稱 d.competitionName; 項目 d.group; 競賽等級代碼 d.levelCode; 獎項 d.award; 結果公布日期 d.announcedOn day; 內容簡述 summary; 團體參與代碼 d.participationCode',
  ],
  [
    '檢定證照紀錄',
    '證照代碼 d.certificateCode; 註1(類型) d.certificateTypeCode; 分數 d.score number; 分項結果 d.itemResults; 取得證照日期 d.obtainedOn day; 證照字號 d.certificateNumber; 檢定組別 d.group; 內容簡述 summary',
  ],
  [
    '服務學習紀錄',
    '服務名稱 d.serviceName; 服務單位 d.unitName; 開始日期 d.startsOn day; 結束日期 d.endsOn day; 時數 d.hours number; 內容簡述 summary',
  ],
  [
    '彈性學習時間紀錄',
    '彈性學習時間類別種類代碼 d.kindCode; 內容開設名稱 d.contentName; 開設單位 d.unitName; 開設學年度 academic_year number; 開設學期 semester number; 每週節數 d.weeklyPeriods number; 開設週數 d.weeks number; 內容簡述 summary',
  ],
  [
    '團體活動時間紀錄',
    '團體活動時間類別代碼 d.kindCode; 辦理單位 d.unitName; 團體活動內容名稱 d.contentName; 活動學年度 academic_year number; 活動學期 semester number; 節數 d.periods number; 內容簡述 summary',
  ],
  [
    '職場學習紀錄',
    '職場學習類別代碼 d.kindCode; 職場學習單位 d.unitName; 職場學習職稱 d.positionName; 開始日期 d.startsOn day; 結束日期 d.endsOn day; 時數 d.hours number; 內容簡述 summary',
  ],
  ['作品成果紀錄', '名稱 d.workName; 日期 d.workDate day; 內容簡述 summary'],
  [
    '大學及技專校院先修課程紀錄',
    '計畫專案 d.project; 開設單位 d.unitName; 課程名稱 d.courseName; 開始日期 d.startsOn day; 結束日期 d.endsOn day; 學分數 d.credits number; 總時數 d.totalHours number; 內容簡述 summary',
  ],
  [
    '其他多元表現紀錄',
    '名稱 d.activityName; 主辦單位 d.unitName; 開始日期 d.startsOn day; 結束日期 d.endsOn day; 時數 d.hours number; 內容簡述 summary',
  ],
];

/** 26 and 28: the sheet, who stands in it, the columns, and the field of the term in which the course was really taken. */
const outcomeFiles = '文件連結 document_link; 成果簡述 summary; 影音連結 media_link';
const outcomeSheets: readonly [string, string, string, string?][] = [
  [
    '學期課程學習成果',
    '',
    '實際修課學期 actual number; 課程代碼 course_code; 科目名稱 subject_name; 開課年級 grade number; 修課學分 credits number',
  ],
  [
    '補修課程學習成果',
    'makeup',
    '應修課學年度 academic_year number; 應修課學期 semester number; 實際修課學期 actual number; 課程代碼 course_code; 科目名稱 subject_name; 開課年級 grade number; 修課學分 credits number; 補修方式 makeup_method',
    'makeup_term',
  ],
  [
    '重修課程學習成果',
    'retake',
    '原修課學年度 academic_year number; 原修課學期 semester number; 實際修課學期 actual number; 原修課課程代碼 course_code; 原修課科目名稱 subject_name; 原修課開課年級 grade number; 原修課修課學分 credits number; 重修方式 retake_method',
    'retake_term',
  ],
  [
    '重讀課程學習成果',
    'repeat',
    '實際修課學期 actual number; 課程代碼 course_code; 科目名稱 subject_name; 開課年級 grade number; 修課學分 credits number',
    'repeat_term',
  ],
  [
    '轉學轉科課程學習成果',
    'before_transfer',
    '原修課學校代碼 source_school_code; 原修課學年度 academic_year number; 原修課學期 semester number; 原修課課程代碼 course_code; 原修課科目名稱 subject_name; 原修課開課年級 grade number; 原修課修課節數(學分) credits number',
  ],
  [
    '借讀課程學習成果',
    'exchange',
    '借讀學校代碼 source_school_code; 借讀修課學年度 academic_year number; 借讀修課學期 semester number; 借讀校課程代碼 course_code; 借讀校科目名稱 subject_name; 借讀校開課年級 grade number; 借讀校修課節數(學分) credits number',
  ],
];

/** How 進修部 calls credits. */
const inLessons: Record<string, string> = { 修課學分: '修課節數', 原修課修課學分: '原修課修課節數' };

const cadreColumns = '單位名稱 unit_name; 開始日期 starts_on day; 結束日期 ends_on day; 擔任職務 position_name; 幹部等級 level_code';

/** Looks at whole tables; nothing is joined in SQL. */
function openTables(sqlite: Sqlite, { academicYear, semester, fileLinks, classOrder }: RosterWanted) {
  const all = (table: string) => sqlite.prepare<[], Row>(`select * from ${table}`).all();
  const byId = (table: string) => new Map(all(table).map((row) => [row.id as string, row]));
  const students = byId('students');
  const sections = byId('class_sections');
  const types = new Map(all('attachments').map((row) => [row.sha256 as string, row.media_type as string]));
  const seats = new Map<string, Row>();
  for (const seat of all('enrollments')) {
    if (seat.academic_year !== academicYear || (semester !== undefined && seat.semester !== semester)) continue;
    const known = seats.get(seat.student_id as string);
    if (!known || Number(known.semester) < Number(seat.semester)) seats.set(seat.student_id as string, seat);
  }
  const linkTo = (sha256: Cell): Cell =>
    sha256 === null
      ? null
      : fileLinks.replace('{sha256}', String(sha256)).replace('{extension}', extensions[types.get(sha256 as string)!]!);
  const whole = (record: Row) => {
    const student = students.get(record.student_id as string)!;
    const seat = seats.get(record.student_id as string);
    const section = seat && sections.get(seat.class_section_id as string);
    return {
      section,
      row: {
        ...record,
        identity: student.identity!,
        birth_date: student.birth_date!,
        student_number: student.student_number!,
        class_name: section?.name ?? null,
        seat_number: seat?.seat_number ?? null,
        document_link: linkTo(record.document_sha256 ?? null),
        media_link: linkTo(record.media_sha256 ?? null),
      } as Row,
    };
  };
  const place = (name: Cell) => (name === null ? -1 : classOrder.indexOf(String(name)));
  const keys = ['seat_number', 'student_number', 'academic_year', 'semester', 'created_at', 'id'];
  const inOrder = (a: Row, b: Row): number => {
    if (place(a.class_name!) !== place(b.class_name!)) return place(a.class_name!) - place(b.class_name!);
    for (const key of keys) if (a[key] !== b[key]) return a[key]! < b[key]! ? -1 : 1;
    return 0;
  };
  return { all, whole, inOrder };
}

function sheetsOf(
  sqlite: Sqlite,
  wanted: RosterWanted,
  table: string,
  sheets: readonly { name: string; columns: string; holds: (record: Row) => boolean; also?: (record: Row) => Row }[],
): Map<string, ExpectedSheet> {
  const { all, whole, inOrder } = openTables(sqlite, wanted);
  const { grades, regular = true, division } = wanted;
  const records = all(table)
    .filter((record) => record.deleted_at === null)
    .map(whole)
    .filter(({ section }) => (section ? grades.includes(Number(section.grade)) : regular))
    .filter(({ section }) => division === undefined || (section?.division ?? 'day') === division)
    .map(({ row }) => row)
    .sort(inOrder);
  return new Map(
    sheets.map(({ name, columns: description, holds, also }) => {
      const columns = columnsOf(description.replaceAll(' d.', ' details.'));
      const rows = records.filter(holds).map((record) => {
        const full = { ...record, ...also?.(record) };
        return {
          recordId: record.id as string,
          studentId: record.student_id as string,
          className: record.class_name as string | null,
          seatNumber: record.seat_number as number | null,
          cells: columns.map(({ of }) => of(full)),
        };
      });
      return [name, { headings: columns.map(({ heading }) => heading), kinds: columns.map(({ kind }) => kind), rows }];
    }),
  );
}

export function expectedPerformances(sqlite: Sqlite, wanted: RosterWanted): Map<string, ExpectedSheet> {
  return sheetsOf(
    sqlite,
    wanted,
    'diverse_performances',
    performanceSheets.map(([name, columns], index) => ({
      name,
      columns: `${person} ${columns}; ${files}`,
      holds: (record) => record.ticked_at !== null && record.academic_year === wanted.academicYear && record.category === index + 1,
    })),
  );
}

const flags = ['before_transfer', 'exchange', 'retake', 'makeup', 'repeat'];

export function expectedOutcomes(sqlite: Sqlite, wanted: RosterWanted): Map<string, ExpectedSheet> {
  const sheetOf = (record: Row) => flags.find((flag) => record[flag] === 1) ?? '';
  return sheetsOf(
    sqlite,
    wanted,
    'learning_outcomes',
    outcomeSheets.map(([name, flag, columns, term]) => {
      const happened = (record: Row) => String((term && record[term]) || `${record.academic_year}${record.semester}`);
      const titled = wanted.division === 'continuing' ? columns.replace(/(原修課)?修課學分(?= )/, (title) => inLessons[title]!) : columns;
      return {
        name,
        columns: `${person} ${titled}; ${outcomeFiles}`,
        holds: (record) =>
          record.ticked_at !== null && sheetOf(record) === flag && happened(record).slice(0, -1) === String(wanted.academicYear),
        also: (record) => ({ actual: Number(happened(record).slice(-1)) }),
      };
    }),
  );
}

export function expectedCadres(sqlite: Sqlite, wanted: RosterWanted & { semester: number }): Map<string, ExpectedSheet> {
  return sheetsOf(sqlite, wanted, 'cadres', [
    {
      name: '校內幹部經歷',
      columns: `${person} ${cadreColumns}`,
      holds: (record) =>
        record.academic_year === wanted.academicYear && record.semester === wanted.semester && record.source_school_code === '999999',
    },
  ]);
}
