import { PageFrame } from '../../components/index.ts';

/** 設定功能參數. */
export default function Parameters() {
  return <PageFrame title="設定功能參數">{null}</PageFrame>;
}
