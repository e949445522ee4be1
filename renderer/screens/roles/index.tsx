import { PageFrame } from '../../components/index.ts';

/** 維護角色權限. */
export default function Roles() {
  return <PageFrame title="維護角色權限">{null}</PageFrame>;
}
