import { PageFrame } from '../../components/index.ts';

/** 設定課程諮詢教師. */
export default function CourseCounselors() {
  return <PageFrame title="設定課程諮詢教師">{null}</PageFrame>;
}
