import { formatRocDateTime } from '../../../domain/roc-date.ts';
import type { GridRow } from '../../../main/application/grid-contract.ts';
import { useCommand } from '../../app/backend.ts';
import { ExpiryDialog } from './expiry-dialog.tsx';
import type { Ticking } from './ticking-windows.tsx';

interface ExtendAccountProps {
  /** A row of the grid; null shows nothing. */
  account: GridRow | null;
  ticking: Ticking | null;
  onClose: () => void;
}

/** 延長: to the end of the open window at most. */
export function ExtendAccount({ account, ticking, onClose }: ExtendAccountProps) {
  const extend = useCommand('temporaryAccounts.extend');
  const close = () => {
    extend.reset();
    onClose();
  };
  return (
    <ExpiryDialog
      title="延長臨時帳號"
      confirmText="延長"
      open={account !== null}
      ticking={ticking}
      command={extend}
      about={
        <>
          <dt>帳號</dt>
          <dd>
            {String(account?.account ?? '')}（{account?.name}）
          </dd>
          <dt>目前到期</dt>
          <dd className="figure">{account?.expiresAt ? formatRocDateTime(String(account.expiresAt)) : ''}</dd>
        </>
      }
      dayLabel="新的到期日"
      dayHint={ticking?.closesAt && `最晚到勾選時間結束：${formatRocDateTime(ticking.closesAt)}。`}
      onConfirm={async (expiresOn) => {
        if (account && (await extend.run({ id: String(account.id), expiresOn }))) close();
      }}
      onClose={close}
    />
  );
}
