import { PageFrame } from '../../components/index.ts';

/** 設定學校學年期. */
export default function Terms() {
  return <PageFrame title="設定學校學年期">{null}</PageFrame>;
}
