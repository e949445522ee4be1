import { PageFrame } from '../../components/index.ts';

/** 合開課程設定審核老師. */
export default function CoTeaching() {
  return <PageFrame title="合開課程設定審核老師">{null}</PageFrame>;
}
