import type { DraftOf } from '../../main/central/resources.ts';
import { attach } from './attachments.ts';
import { dayIn, instantOn } from './calendar.ts';
import type { Made } from './outcomes.ts';
import { Random, stream } from './random.ts';
import type { Register, SampleStudent } from './register.ts';

const childhood = [
  '我在城市的老社區長大，放學後常在圖書館待到關門。',
  '家中經營早餐店，我從小在櫃檯後面寫作業。',
  '爸媽都是上班族，祖父教我觀察院子裡的植物。',
  '小學時常搬家，因此習慣主動認識新同學。',
];
const school = [
  '高一參加社團後，開始負責活動企劃，學會把大目標拆成小步驟。',
  '在專題探究課中，我第一次完整經歷提問、蒐集資料到發表的過程。',
  '我曾在段考失利後重新安排讀書計畫，成績逐步回升。',
  '擔任小老師讓我發現，能把一件事說明白才是真的懂。',
];
const aims = [
  '未來希望就讀與環境相關的科系，把資料分析用在城市規劃。',
  '我想進入資訊領域，做出讓長輩也能輕鬆使用的程式。',
  '我對語言與文化很有興趣，期待能出國交流。',
  '我希望成為一位能陪伴學生的老師。',
];
const plans = [
  '入學前：完成微積分先修並補強英文閱讀。',
  '大一至大二：修習核心課程，參加系上讀書會。',
  '大三：申請專題或實習，累積實作經驗。',
  '大四：準備研究所或就業，完成畢業專題。',
];

/** 自傳 and 學習計畫: mostly of the third grade. */
export function autobiographiesOf(register: Register, student: SampleStudent): Made<DraftOf<'autobiographies'>>[] {
  const last = student.terms.findLast(({ term }) => term.taught);
  if (!last || student.role === 'arrival' || student.role === 'secondArrival') return [];
  const random = new Random(register.options.seed, stream.autobiographies, student.ordinal);
  const likely = student.role === 'exemplary' ? 1 : student.record.status === 'graduated' ? 0.9 : ([0, 0.04, 0.2, 0.55][last.grade] ?? 0);
  return (['autobiography', 'studyPlan'] as const).flatMap((kind) => {
    if (!random.chance(likely)) return [];
    const title = kind === 'autobiography' ? '自傳' : '學習計畫';
    const content =
      kind === 'autobiography' ? [random.pick(childhood), random.pick(school), random.pick(aims)].join('\n') : plans.join('\n');
    const day = dayIn(random, last.term.taught!);
    const file = {
      seed: register.options.seed,
      serial: `ab-${student.ordinal}-${kind}`,
      name: `${title}_${student.record.studentNumber}`,
      lines: [title, `${student.record.studentNumber} ${student.record.name}`, ...content.split('\n')],
    };
    const attached = attach(random, file, 0.4, 0);
    const draft = {
      studentId: student.record.id,
      kind,
      title,
      content,
      document: attached.document,
      media: attached.media,
      updatedAt: instantOn(random, day, 0, 7),
    };
    return [{ draft, files: attached.made }];
  });
}
