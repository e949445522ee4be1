import { PageFrame } from '../../components/index.ts';

/** 設定學校作業時間. */
export default function Schedule() {
  return <PageFrame title="設定學校作業時間">{null}</PageFrame>;
}
