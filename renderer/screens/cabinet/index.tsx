import { PageFrame } from '../../components/index.ts';

/** 學習歷程檔案櫃. */
export default function Cabinet() {
  return <PageFrame title="學習歷程檔案櫃">{null}</PageFrame>;
}
