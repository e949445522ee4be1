import { Submissions } from './submissions.tsx';

/** 提交學習成果至中央資料庫 (manual §3.9). */
export default function OutcomeSubmissions() {
  return <Submissions kind="outcomes" />;
}
