import { PageFrame } from '../../components/index.ts';

/** 設定學科/領域認證老師. */
export default function SelfStudyCertifiers() {
  return <PageFrame title="設定學科/領域認證老師">{null}</PageFrame>;
}
