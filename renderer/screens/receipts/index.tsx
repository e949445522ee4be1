import { PageFrame } from '../../components/index.ts';

/** 學校查詢接收紀錄. */
export default function Receipts() {
  return <PageFrame title="學校查詢接收紀錄">{null}</PageFrame>;
}
