import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readStatusText } from '../../domain/submission.ts';

describe('a status text of the national database', () => {
  it.each([
    // As the manual's screens show them, cut off by their columns (§3.6, §3.9).
    ['檢核無誤，資料已匯', 'accepted', null],
    ['檢核無誤，資料已匯…', 'accepted', null],
    ['資料檢核錯誤，請重 {名冊名稱=學生自填', 'refused', '學生自填'],
    ['資料檢核錯誤，請重…{名冊名稱=學生自填…', 'refused', '學生自填'],
    ['資料檢核錯誤，請查 {名冊名稱=學生課程', 'refused', '學生課程'],
    ['資料檢核錯誤，請查...{名冊名稱=學生課程...', 'refused', '學生課程'],
    // Whole.
    ['檢核無誤，資料已匯入', 'accepted', null],
    ['資料檢核錯誤，請重新上傳{名冊名稱=學生自填多元表現名冊}', 'refused', '學生自填多元表現名冊'],
    ['資料檢核錯誤，請查看錯誤報表{名冊名稱=學生課程學習成果名冊}', 'refused', '學生課程學習成果名冊'],
    ['　資料檢核錯誤，請重新上傳｛名冊名稱＝校內幹部經歷名冊｝\n', 'refused', '校內幹部經歷名冊'],
    ['處理中', 'waiting', null],
    ['檔案檢核中，請稍候', 'waiting', null],
    ['等待檢核', 'waiting', null],
    // The good word within the bad, and the bad within the good.
    ['檢核未通過，請修正後重新上傳', 'refused', null],
    ['檢核不通過', 'refused', null],
    ['資料匯入未成功', 'refused', null],
    ['資料有誤，請修正', 'refused', null],
    ['檢核完成，無錯誤，資料已匯入', 'accepted', null],
    ['檢核通過，沒有錯誤', 'accepted', null],
    ['檢核無誤，資料已匯入{錯誤筆數=0}', 'accepted', null],
  ] as const)('%s', (text, processingStatus, rosterName) => {
    expect(readStatusText(text)).toMatchObject({ processingStatus, rosterName });
  });

  it.each(['', '　', '請洽承辦人員', '系統維護公告', '{名冊名稱=學生自填多元表現名冊}'])('is not guessed from 「%s」', (text) => {
    expect(readStatusText(text)).toBeUndefined();
  });

  it('gives each of its values, in one pair of braces or several', () => {
    const values = { 名冊名稱: '學生自填多元表現名冊', 錯誤筆數: '3', 工作表: '競賽參與紀錄' };
    for (const text of [
      '資料檢核錯誤，請重新上傳{名冊名稱=學生自填多元表現名冊}{錯誤筆數=3}{工作表=競賽參與紀錄}',
      '資料檢核錯誤，請重新上傳{名冊名稱=學生自填多元表現名冊,錯誤筆數=3,工作表=競賽參與紀錄}',
      '資料檢核錯誤，請重新上傳｛名冊名稱＝學生自填多元表現名冊，錯誤筆數＝３，工作表＝競賽參與紀錄｝',
      '資料檢核錯誤，請重新上傳{ 名冊名稱 = 學生自填多元表現名冊 } { 錯誤筆數 = 3 } { 工作表 = 競賽參與紀錄',
    ]) {
      expect(readStatusText(text)).toEqual({ processingStatus: 'refused', rosterName: values.名冊名稱, values });
    }
  });

  it('of any roster and count is read the same, whole, in several braces and cut off within its last value', () => {
    const word = fc.string({ unit: fc.constantFrom(...'學生課程自填多元表現名冊校內幹部0123456789abc()'), minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(word, fc.nat(9999), fc.nat(20), (name, count, left) => {
        const whole = `資料檢核錯誤，請重新上傳{錯誤筆數=${count}}{名冊名稱=${name}}`;
        expect(readStatusText(whole)).toEqual({
          processingStatus: 'refused',
          rosterName: name,
          values: { 錯誤筆數: String(count), 名冊名稱: name },
        });
        const cut = name.slice(0, 1 + (left % (name.length - 1)));
        for (const end of ['', '…', '...']) {
          expect(readStatusText(`資料檢核錯誤，請重${end}{名冊名稱=${cut}${end}`)).toMatchObject({
            processingStatus: 'refused',
            rosterName: cut,
          });
        }
      }),
    );
  });
});
