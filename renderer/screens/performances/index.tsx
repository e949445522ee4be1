import { PageFrame } from '../../components/index.ts';

/** 查詢學生多元表現情形. */
export default function Performances() {
  return <PageFrame title="查詢學生多元表現情形">{null}</PageFrame>;
}
