/** Posts of 校內幹部; `unit` is left out where it is the class itself. Level codes as the city's table has them. */
export const cadrePosts: readonly (readonly [{ unit?: string; position: string; level: string }, number])[] = [
  [{ position: '班長', level: '2' }, 8],
  [{ position: '副班長', level: '2' }, 8],
  [{ position: '學藝股長', level: '2' }, 8],
  [{ position: '風紀股長', level: '2' }, 8],
  [{ position: '衛生股長', level: '2' }, 8],
  [{ position: '總務股長', level: '2' }, 8],
  [{ position: '康樂股長', level: '2' }, 7],
  [{ position: '輔導股長', level: '2' }, 6],
  [{ position: '圖書股長', level: '2' }, 6],
  [{ position: '英文小老師', level: '2' }, 5],
  [{ position: '數學小老師', level: '2' }, 5],
  [{ unit: '學生會', position: '學生會會長', level: '1' }, 0.2],
  [{ unit: '學生會', position: '活動部部員', level: '1' }, 2],
  [{ unit: '畢業生聯誼會', position: '公關組長', level: '1' }, 1],
  [{ unit: '吉他社', position: '社長', level: '3' }, 1],
  [{ unit: '熱舞社', position: '副社長', level: '3' }, 1],
  [{ unit: '資訊研究社', position: '教學長', level: '3' }, 1.5],
  [{ unit: '管樂社', position: '首席', level: '3' }, 1],
  [{ unit: '童軍團', position: '小隊長', level: '3' }, 1.5],
];

export const rewardReasons = {
  good: [
    '擔任班級幹部認真負責',
    '參加校內科展表現優良',
    '協助校慶活動圓滿完成',
    '資源回收服務熱心',
    '全勤',
    '代表學校參加運動會',
    '整潔比賽成績優異',
    '拾金不昧',
    '擔任朝會司儀',
    '協助圖書館整理書籍',
    '國語文競賽獲獎',
    '指導學弟妹社團活動',
  ],
  bad: ['上課使用手機經勸導未改', '多次未依規定繳交作業', '遲到累計達規定次數', '破壞公物', '未請假擅自離開教室'],
} as const;

export const consultationTopics = {
  group: [
    {
      topic: '選課說明與課程地圖',
      content: '說明校訂必修、多元選修與加深加廣選修的開課規劃，並示範選課系統操作，請同學回家與家長討論後於期限內完成選填。',
    },
    {
      topic: '學習歷程檔案上傳與勾選',
      content: '說明課程學習成果的上傳、送出認證與勾選期程，以及每學年勾選件數上限，提醒檔案大小與簡述字數。',
    },
    { topic: '認識十八學群', content: '介紹各學群的學習內容與相關科目，請同學完成學群探索學習單。' },
    { topic: '升學進路與參採科目', content: '說明各校系參採學習歷程檔案的項目與內容，引導同學規劃下學期選課。' },
  ],
  single: [
    { topic: '選課調整', content: '學生對原選的加深加廣課程感到負擔，討論後決定維持原課程並安排每週補強時間。' },
    { topic: '轉班群評估', content: '學生考慮由自然組轉社會組，檢視學期成績與興趣量表結果，建議先修習現代社會與經濟再決定。' },
    { topic: '多元選修選擇', content: '學生對資訊領域有興趣，建議選修程式設計入門並參加資訊研究社。' },
    { topic: '學習成果主題討論', content: '與學生討論探究主題的聚焦方式，建議縮小範圍並記錄過程中的修正。' },
    { topic: '未來校系探索', content: '依學生興趣介紹三個學系的必修科目與出路，請學生下次帶回比較表。' },
  ],
} as const;
