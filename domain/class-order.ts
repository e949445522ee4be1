/**
 * How a school sorts its classes: numerals by value, so 一年一班 stands before 一年十班 and 二年二班 before 二年十一班.
 */
const digits: Record<string, number> = { 〇: 0, 零: 0, 一: 1, 二: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9 };

/** Value of a numeral of up to three characters (一 … 九十九). */
function chineseNumeral(text: string): number {
  const [tens, ones] = text.includes('十') ? text.split('十') : ['', text];
  if (!text.includes('十')) return [...text].reduce((value, character) => value * 10 + digits[character]!, 0);
  return (tens ? digits[tens]! : 1) * 10 + (ones ? digits[ones]! : 0);
}

/** A key whose plain text order is the school's order. Stored beside the class name for the index to use. */
export function classSortKey(className: string): string {
  return className
    .normalize('NFKC')
    .replace(/[一二三四五六七八九]?十[一二三四五六七八九]?|[〇零一二三四五六七八九]+|\d+/g, (numeral) =>
      String(/^\d/.test(numeral) ? Number(numeral) : chineseNumeral(numeral)).padStart(4, '0'),
    );
}

const numerals = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/** 1 → 一, 12 → 十二, 30 → 三十; for numbers up to 99. */
export function toChineseNumeral(value: number): string {
  if (value < 10) return numerals[value]!;
  const tens = Math.floor(value / 10);
  const ones = value % 10;
  return `${tens === 1 ? '' : numerals[tens]}十${ones ? numerals[ones] : ''}`;
}
