import { PageFrame } from '../../components/index.ts';

/** 查詢輔導教師. */
export default function Counselors() {
  return <PageFrame title="查詢輔導教師">{null}</PageFrame>;
}
