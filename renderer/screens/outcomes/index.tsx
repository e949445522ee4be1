import { PageFrame } from '../../components/index.ts';

/** 查詢學生學習成果情形. */
export default function Outcomes() {
  return <PageFrame title="查詢學生學習成果情形">{null}</PageFrame>;
}
