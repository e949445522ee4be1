/** Every screen by its address, with a text that is there once it has its data. The window's registry is renderer/app/screens.tsx. */
export const screens = [
  { path: '/', title: '首頁', settled: '待辦' },
  { path: '/sync', title: '同步作業', settled: '學籍及人員資料' },
  { path: '/schedule', title: '設定學校作業時間', settled: /1 - \d+ 共/ },
  { path: '/parameters', title: '設定功能參數', settled: '學生單科學習成果上傳數量' },
  { path: '/terms', title: '設定學校學年期', settled: /1 - \d+ 共/ },
  { path: '/counselors', title: '查詢輔導教師', settled: /1 - \d+ 共/ },
  { path: '/receipts', title: '學校查詢接收紀錄', settled: /1 - \d+ 共/ },
  { path: '/course-counselors', title: '設定課程諮詢教師', settled: /1 - \d+ 共/ },
  { path: '/co-teaching', title: '合開課程設定審核老師', settled: /1 - \d+ 共/ },
  { path: '/performances', title: '查詢學生多元表現情形', settled: /1 - \d+ 共/ },
  { path: '/outcomes', title: '查詢學生學習成果情形', settled: /1 - \d+ 共/ },
  { path: '/usage', title: '學習成果使用人數統計表', settled: /1 - \d+ 共/ },
  { path: '/transfer-out', title: '匯出學生學習歷程資料', settled: /1 - \d+ 共/ },
  { path: '/transfer-in', title: '匯入學生學習歷程資料', settled: '資料匯入紀錄' },
  { path: '/temporary-accounts', title: '轉學生臨時帳號', settled: /1 - \d+ 共/ },
  { path: '/slips', title: '學生上傳及勾選情形確認單', settled: '備註說明' },
] as const;
