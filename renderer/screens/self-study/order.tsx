import { PageFrame } from '../../components/index.ts';

/** 設定認證順序. */
export default function SelfStudyOrder() {
  return <PageFrame title="設定認證順序">{null}</PageFrame>;
}
