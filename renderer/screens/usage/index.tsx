import { PageFrame } from '../../components/index.ts';

/** 學習成果使用人數統計表. */
export default function Usage() {
  return <PageFrame title="學習成果使用人數統計表">{null}</PageFrame>;
}
