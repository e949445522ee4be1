import { Submissions } from './submissions.tsx';

/** 提交多元表現至中央資料庫 (manual §3.6). */
export default function PerformanceSubmissions() {
  return <Submissions kind="performances" />;
}
