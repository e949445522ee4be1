import { PageFrame } from '../../components/index.ts';

/** 查詢未認證教師狀況表. */
export default function Certification() {
  return <PageFrame title="查詢未認證教師狀況表">{null}</PageFrame>;
}
