import { describe, expect, it } from 'vitest';
import { fileLimit } from '../../domain/limits.ts';
import { groupMd5, guidOrder, looksLikeUuid4, md5Means, parseMd5 } from '../../domain/md5-text.ts';
import { mediaTypeOfContent, mediaTypeOfName } from '../../domain/media-type.ts';
import { readTransferStudent, TransferContentError } from '../../domain/transfer-reading.ts';

const md5 = '0123456789abcdef0123456789abcdef';

describe('the MD5 that a clerk types', () => {
  it.each([
    md5,
    md5.toUpperCase(),
    groupMd5(md5),
    ` ${groupMd5(md5)} `,
    '０１２３４５６７８９ａｂｃｄｅｆ０１２３４５６７８９ａｂｃｄｅｆ',
    '01234567－89ab－cdef－0123－456789abcdef',
  ])('is understood as %s', (typed) => {
    expect(md5Means(typed, md5)).toBe(true);
  });

  it('may be in the byte order of .NET’s Guid', () => {
    expect(groupMd5(guidOrder(md5))).toBe('67452301-ab89-efcd-0123-456789abcdef');
    expect(md5Means(guidOrder(md5), md5)).toBe(true);
  });

  it('is told from what it is not', () => {
    expect(parseMd5(md5.slice(1))).toBeUndefined();
    expect(parseMd5(`${md5.slice(1)}g`)).toBeUndefined();
    expect(looksLikeUuid4('4ae6d463-8b85-4ada-bd0f-a79a8a0ee4d6')).toBe(true);
    expect(looksLikeUuid4(md5)).toBe(false);
  });
});

describe('files of a record', () => {
  it('are known by their content', () => {
    const bytes = (...values: number[]) => Uint8Array.from(values);
    expect(mediaTypeOfContent(Buffer.from('%PDF-1.7'))).toBe('application/pdf');
    expect(mediaTypeOfContent(Buffer.from('\ufeff\n%PDF-1.4'))).toBe('application/pdf');
    expect(mediaTypeOfContent(bytes(0xff, 0xd8, 0xff, 0xe0))).toBe('image/jpeg');
    expect(mediaTypeOfContent(bytes(0xff, 0xfb, 0x90, 0))).toBe('audio/mpeg');
    expect(mediaTypeOfContent(Buffer.from('\0\0\0\x18ftypmp42'))).toBe('video/mp4');
    expect(mediaTypeOfContent(Buffer.from('MZ\x90'))).toBeUndefined();
    expect(mediaTypeOfContent(new Uint8Array())).toBeUndefined();
    expect(mediaTypeOfName('成果.JPEG')).toBe('image/jpeg');
    expect(mediaTypeOfName('成果.exe')).toBeUndefined();
  });

  it('have the limit of their year', () => {
    const mebibyte = 1024 * 1024;
    expect([fileLimit('document', 109), fileLimit('media', 115), fileLimit('document', 108), fileLimit('media', 108)]).toEqual(
      [4, 10, 2, 5].map((size) => size * mebibyte),
    );
  });
});

describe('a student as other systems write one', () => {
  const basics = {
    學生出生年月日: '2007/1/5',
    學生中文姓名: '王小明',
    '國民身分證統一編號(或居留證統一證號)': 'a123456789',
    就讀學校代碼: '080000',
    學期: '1',
    學年度: '113',
    自訂欄位: 'x',
  };

  it('is read with keys in any order, numbers as text, missing and null values, and keeps what is unknown', () => {
    const { student, unknown } = readTransferStudent(
      {
        多元表現: {
          服務學習紀錄: [{ 服務名稱: '淨灘', 開始日期: '113/09/01', 結束日期: null, 服務學習時數: '-1', 建立日期: '2024-09-02 08:00:01' }],
          其他多元表現: null,
        },
        課程學習成果紀錄: [{ 科目名稱: '國語文', 學分數: '4', 是否為重修時的課程學習成果: '是', 認證狀態: '審核不通過', 提交紀錄: null }],
        基本資料: basics,
        課程諮詢: [{ 諮詢主題: '選課' }],
      },
      0,
    );
    expect(student).toMatchObject({ identity: 'A123456789', birthDate: '2007-01-05', academicYear: 113, semester: 1, cadres: [] });
    expect(student.performances[0]).toMatchObject({
      category: 4,
      details: { serviceName: '淨灘', startsOn: '2024-09-01', endsOn: null, hours: -1, unitName: null },
      createdAt: '2024-09-02T00:00:01.000Z',
      sourceSchoolCode: '080000',
      submittedTerm: '0000',
    });
    expect(student.outcomes[0]).toMatchObject({ credits: 4, retake: true, state: 'rejected', uploadedTerm: '1131', document: null });
    expect(unknown).toEqual({ '[0].基本資料.自訂欄位': 'x', '[0].課程諮詢': [{ 諮詢主題: '選課' }] });
  });

  const outcomeOf = (outcome: object) => readTransferStudent({ 基本資料: basics, 課程學習成果紀錄: [outcome] }, 0).student.outcomes[0]!;

  it('has its flags in many words', () => {
    const flagOf = (value: unknown) => outcomeOf({ 是否為補修時的課程學習成果: value }).makeup;
    expect([true, 'True', 1, '1', 'Y', '是', '有', 'Ｖ', '✓'].map(flagOf)).toEqual(Array.from({ length: 9 }, () => true));
    expect([false, 'False', 0, '0', 'N', '否', '無', '', ' ', null, '-'].map(flagOf)).toEqual(Array.from({ length: 11 }, () => false));
    for (const value of ['maybe', {}, [true], 7]) expect(() => flagOf(value)).toThrow(TransferContentError);
  });

  it('has its terms, numbers and times in many forms', () => {
    const termOf = (term: unknown) => outcomeOf({ '提交紀錄(學年度及學期)': term }).submittedTerm;
    expect(['1131', 1131, '113-1', '113/1', '113 1', '113學年度第1學期', '１１３１'].map(termOf)).toEqual(
      Array.from({ length: 7 }, () => '1131'),
    );
    expect(['0000', '0', 0, '', null].map(termOf)).toEqual(Array.from({ length: 5 }, () => '0000'));
    const creditsOf = (credits: unknown) => outcomeOf({ 學分數: credits }).credits;
    expect(['2', 2, '2.0', '２', ' 2 '].map(creditsOf)).toEqual([2, 2, 2, 2, 2]);
    expect(outcomeOf({ 建立日期及時間: '2024/9/2 下午 04:00:01' }).createdAt).toBe('2024-09-02T08:00:01.000Z');
  });

  it('has texts as they were, but for the NUL that old systems fill columns with', () => {
    const summary = '第一行\r\n\t第二行\u000b𠮷\ue000e\u0301é';
    expect(outcomeOf({ 課程學習成果簡述: summary }).summary).toBe(summary);
    expect(outcomeOf({ 科目名稱: '國語文\0\0\0' }).subjectName).toBe('國語文');
  });

  it('without the code of its school takes that of the file’s name', () => {
    const { 就讀學校代碼: _code, ...without } = basics;
    expect(readTransferStudent({ 基本資料: without }, 0, '080000').student.schoolCode).toBe('080000');
    expect(() => readTransferStudent({ 基本資料: without }, 0)).toThrow(TransferContentError);
  });

  it.each([
    ['no name', { 基本資料: { ...basics, 學生中文姓名: ' ' } }],
    ['an impossible birthday', { 基本資料: { ...basics, 學生出生年月日: '2007/13/40' } }],
    ['a record of someone else', { 基本資料: basics, 課程學習成果紀錄: [{ '國民身分證統一編號(或居留證統一證號)': 'B123456780' }] }],
    ['a grade beyond counting', { 基本資料: basics, 課程學習成果紀錄: [{ 開課年級: 1e300 }] }],
    ['half a grade', { 基本資料: basics, 課程學習成果紀錄: [{ 開課年級: 1.5 }] }],
    ['a number that is none', { 基本資料: basics, 課程學習成果紀錄: [{ 學分數: '四' }] }],
    ['a list that is none', { 基本資料: basics, 課程學習成果紀錄: '無' }],
  ])('is refused with %s', (_what, value) => {
    expect(() => readTransferStudent(value, 0)).toThrow(TransferContentError);
  });
});
