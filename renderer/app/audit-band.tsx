import { WarningOutlined } from '@ant-design/icons';
import { Link } from 'wouter';
import { useQueryOperation } from './backend.ts';
import { mayUse, useOffice } from './session.ts';

/** A red line for whoever may see 稽核紀錄, on every screen, while its chain is broken. */
export function AuditBand() {
  const { session } = useOffice();
  const state = useQueryOperation('audit.state', {}, { enabled: mayUse(session, 'S0223S') && !session.locked });
  const verification = state.data?.verification;
  if (!verification || verification.ok) return null;
  return (
    <p className="broken-band" role="alert">
      <WarningOutlined aria-hidden /> 稽核紀錄不完整：{verification.faults[0]?.message} <Link href="/audit">查看稽核紀錄</Link>
    </p>
  );
}
