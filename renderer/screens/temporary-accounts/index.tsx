import { PageFrame } from '../../components/index.ts';

/** 轉學生臨時帳號. */
export default function TemporaryAccounts() {
  return <PageFrame title="轉學生臨時帳號">{null}</PageFrame>;
}
