import { Button, Segmented } from 'antd';
import { useMemo, useState } from 'react';
import { formatRocDateTime } from '../../../domain/roc-date.ts';
import type { GridRow } from '../../../main/application/grid-contract.ts';
import {
  type AccountState,
  accountStates,
  type IssuedAccount,
  temporaryAccountGrid,
} from '../../../main/features/temporary-accounts/contract.ts';
import { useCommand, useQueryOperation } from '../../app/backend.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { ConfirmButton, DataGrid, ErrorNote, PageFrame, SharedChanges } from '../../components/index.ts';
import { ExtendAccount } from './extend-account.tsx';
import { IssuedPassword } from './issued-password.tsx';
import { OpenAccount } from './open-account.tsx';
import { TickingWindows } from './ticking-windows.tsx';
import './temporary-accounts.css';

/** In the workbook, in the form of 開通 and on hover of 開通時間; the rest fills the width of the page. */
const without = ['movedOn', 'openedBy'];
const resources: ['temporary-accounts'] = ['temporary-accounts'];

const stateClasses: Record<AccountState, string> = { none: 'muted', inUse: 'state-done', expired: 'state-soon', disabled: 'muted' };

/** A time to the minute; its seconds on hover. */
const minute = (value: unknown, by: unknown = '') => {
  const shown = formatRocDateTime(value === null ? null : String(value));
  return <span title={`${shown} ${by ?? ''}`.trim()}>{shown.slice(0, -3)}</span>;
};

/** 轉學生臨時帳號 (manual §3.17): who moved, and the account with which each can still tick. */
export default function TemporaryAccounts() {
  const { session } = useOffice();
  const ticking = useQueryOperation('temporaryAccounts.ticking', {});
  const [everyone, setEveryone] = useState(false);
  const scope = useMemo(() => ({ everyone }), [everyone]);
  const [opening, setOpening] = useState<GridRow | null>(null);
  const [extending, setExtending] = useState<GridRow | null>(null);
  const [issued, setIssued] = useState<IssuedAccount | null>(null);
  const disable = useCommand('temporaryAccounts.disable');
  const renew = useCommand('temporaryAccounts.renewPassword');
  const mayOpen = mayUse(session, 'S0221S', 'create');
  const mayExtend = mayUse(session, 'S0221S', 'update');
  const mayDisable = mayUse(session, 'S0221S', 'delete');
  const closed = ticking.data?.lastDay === null;

  const renewPassword = async (row: GridRow) => {
    const account = await renew.run({ id: String(row.id) });
    if (account) setIssued(account);
  };

  const actions = (row: GridRow) => {
    const state = row.state as AccountState;
    const who = `${row.studentNumber} ${row.name}`;
    return (
      <span className="temporary-account-actions">
        {mayOpen && !row.hasAccountInUse && (
          <Button type="link" size="small" disabled={closed} aria-label={`開通 ${who}`} onClick={() => setOpening(row)}>
            開通
          </Button>
        )}
        {mayExtend && (state === 'inUse' || (state === 'expired' && !row.hasAccountInUse)) && (
          <Button type="link" size="small" disabled={closed} aria-label={`延長 ${who}`} onClick={() => setExtending(row)}>
            延長
          </Button>
        )}
        {mayExtend && state === 'inUse' && (
          <ConfirmButton
            type="link"
            size="small"
            danger={false}
            aria-label={`重設密碼 ${who}`}
            question="確定要重設密碼？"
            consequence="學生原來的密碼立即失效；新的一次性密碼只顯示這一次。"
            confirmText="重設密碼"
            disabled={renew.pending}
            onConfirm={() => renewPassword(row)}
          >
            重設
          </ConfirmButton>
        )}
        {mayDisable && state === 'inUse' && (
          <ConfirmButton
            type="link"
            size="small"
            aria-label={`停用 ${who}`}
            question="確定要停用這個臨時帳號？"
            consequence="學生將不能再登入；已經勾選的資料不會改變。停用後要用必須重新開通。"
            confirmText="停用"
            disabled={disable.pending}
            onConfirm={async () => {
              await disable.run({ id: String(row.id) });
            }}
          >
            停用
          </ConfirmButton>
        )}
      </span>
    );
  };

  return (
    <PageFrame
      title="轉學生臨時帳號"
      meaning="學生轉出後不能再以本校學生的身分登入，轉入學生的帳號也可能還沒備妥；開通臨時帳號，讓學生在勾選時間內完成勾選。"
    >
      <SharedChanges resources={resources} />
      <TickingWindows ticking={ticking} />
      <ErrorNote error={disable.error} onClose={disable.reset} />
      <ErrorNote error={renew.error} onClose={renew.reset} />
      <DataGrid
        grid={temporaryAccountGrid}
        list="temporaryAccounts.list"
        workbook="temporaryAccounts.exportWorkbook"
        scope={scope}
        addressed
        toolbar={
          <Segmented
            aria-label="列出哪些學生"
            value={everyone}
            options={[
              { label: '本學年及上學年異動', value: false },
              { label: '全部轉出入學生', value: true },
            ]}
            onChange={setEveryone}
          />
        }
        render={{
          opensAt: (row) => minute(row.opensAt, row.openedBy),
          expiresAt: (row) => minute(row.expiresAt),
          state: (row) => {
            const state = row.state as AccountState;
            return <span className={stateClasses[state]}>{accountStates[state]}</span>;
          },
        }}
        actions={actions}
        without={without}
        actionsWidth={138}
        emptyText="沒有轉出或轉入的學生；學籍異動要先從校務行政系統同步。"
        emptyAction={<Button href="#/sync">前往同步作業</Button>}
      />
      <OpenAccount
        student={opening}
        ticking={ticking.data ?? null}
        onClose={() => setOpening(null)}
        onIssued={(account) => {
          setOpening(null);
          setIssued(account);
        }}
      />
      <ExtendAccount account={extending} ticking={ticking.data ?? null} onClose={() => setExtending(null)} />
      <IssuedPassword issued={issued} onClose={() => setIssued(null)} />
    </PageFrame>
  );
}
