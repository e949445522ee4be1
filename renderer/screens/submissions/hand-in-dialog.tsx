import { Checkbox, Modal, Skeleton } from 'antd';
import { useEffect, useState } from 'react';
import type { SubmissionWay } from '../../../domain/submission.ts';
import { describeTerm } from '../../../domain/term.ts';
import type { GridRow } from '../../../main/application/grid-contract.ts';
import type { Precheck, RosterScope } from '../../../main/features/submissions/contract.ts';
import { CallError, call } from '../../app/backend.ts';
import { ErrorNote, formatCount } from '../../components/index.ts';
import type { SubmissionKind } from './kinds.ts';
import { type WarningKind, warningKinds } from './rules.ts';
import type { Overview } from './window-line.tsx';

interface HandInDialogProps {
  way: SubmissionWay;
  roster: RosterScope;
  overview: Overview;
  precheck: Precheck;
  onClose: () => void;
  onConfirm: () => void;
}

/** Asks before a roster is handed in; with warnings it shows how many of which kind and demands that they are taken on. */
export function HandInDialog({ way, roster, overview, precheck, onClose, onConfirm }: HandInDialogProps) {
  const [confirmed, setConfirmed] = useState(false);
  const { warnings } = precheck;
  const warningsOf = useWarnings(roster.kind, precheck.id, warnings > 0);
  return (
    <Modal
      open
      width={560}
      title={way === 'city' ? '提交至市級系統' : '自行上傳'}
      okText={way === 'city' ? '提交' : '製作上傳檔'}
      okButtonProps={{ disabled: warnings > 0 && !confirmed }}
      cancelText="取消"
      onOk={onConfirm}
      onCancel={onClose}
    >
      <p>
        確定要{way === 'city' ? '提交' : '製作'} {describeTerm(roster)}的{overview.rosterName}（{formatCount(precheck.rows)} 列、
        {formatCount(precheck.students)} 人）？
        {way === 'city' ? '提交後不能收回，只能重新提交。' : '會在提交紀錄記下一筆，並保存檔案。'}
      </p>
      {warnings > 0 && (
        <>
          <ErrorNote error={warningsOf.error} />
          {warningsOf.kinds === null && !warningsOf.error && <Skeleton active title={false} paragraph={{ rows: 3 }} />}
          {warningsOf.kinds && (
            <ul className="submission-warning-kinds">
              {warningsOf.kinds.map(({ where, count, example }) => (
                <li key={`${where} ${example}`}>
                  <strong>
                    {where || '整份名冊'} {formatCount(count)} 項
                  </strong>
                  <span>例如：{example}</span>
                </li>
              ))}
            </ul>
          )}
          <Checkbox checked={confirmed} onChange={({ target }) => setConfirmed(target.checked)}>
            我已確認這 {formatCount(warnings)} 項提醒
          </Checkbox>
        </>
      )}
    </Modal>
  );
}

const pageSize = 1000;

/** All warnings of a check, by kind. */
function useWarnings(kind: SubmissionKind, precheckId: string, wanted: boolean) {
  const [state, setState] = useState<{ kinds: WarningKind[] | null; error: CallError | null }>({ kinds: null, error: null });
  useEffect(() => {
    if (!wanted) return undefined;
    let open = true;
    const readAll = async () => {
      const rows: GridRow[] = [];
      for (let page = 1; ; page += 1) {
        const answer = await call('submissions.findings', { kind, precheckId, filter: { severity: 'warning' }, page, pageSize });
        rows.push(...answer.rows);
        if (rows.length >= answer.total || answer.rows.length === 0) return rows;
      }
    };
    readAll().then(
      (rows) => open && setState({ kinds: warningKinds(rows), error: null }),
      (failure: unknown) => open && setState({ kinds: null, error: CallError.from(failure) }),
    );
    return () => {
      open = false;
    };
  }, [kind, precheckId, wanted]);
  return state;
}
