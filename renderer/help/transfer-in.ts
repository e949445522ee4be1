import type { HelpText } from './index.ts';

export const help: HelpText = {
  purpose: '學生轉入時，把前一所學校交來的學習歷程資料匯入本校。',
  steps: [
    '先確認學生已在本校建立學籍並已同步。',
    '輸入 MD5 值與壓縮檔密碼，選擇檔案或把檔案拖進來。',
    '檢視檔案內容無誤後，按「開始匯入」。',
  ],
  remarks: ['MD5 不符表示檔案在傳送時損壞或拿錯檔案，請向前一所學校重新索取。', '同一個檔案匯入兩次不會重複。'],
};
