import { Submissions } from './submissions.tsx';

/** 提交校內幹部經歷至中央資料庫 (manual §3.14). */
export default function CadreSubmissions() {
  return <Submissions kind="cadres" />;
}
