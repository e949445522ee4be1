import { Button, Form, Modal } from 'antd';
import { useEffect, useState } from 'react';
import { formatRocDateTime, taipeiDay } from '../../../domain/roc-date.ts';
import type { GridRow } from '../../../main/application/grid-contract.ts';
import { useCommand } from '../../app/backend.ts';
import { ErrorNote, RocDateInput } from '../../components/index.ts';
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
  const [expiresOn, setExpiresOn] = useState<string | null>(null);
  const lastDay = ticking?.lastDay ?? null;
  useEffect(() => {
    if (account) setExpiresOn(lastDay);
  }, [account, lastDay]);

  const close = () => {
    extend.reset();
    onClose();
  };
  const submit = async () => {
    if (!account || !expiresOn || extend.pending) return;
    if (await extend.run({ id: String(account.id), expiresOn })) close();
  };

  return (
    <Modal
      title="延長臨時帳號"
      width={520}
      open={account !== null}
      onCancel={close}
      destroyOnHidden
      footer={[
        <Button key="close" onClick={close}>
          取消
        </Button>,
        <Button key="extend" type="primary" loading={extend.pending} disabled={!expiresOn} onClick={() => void submit()}>
          延長
        </Button>,
      ]}
    >
      <dl className="temporary-account-student">
        <dt>帳號</dt>
        <dd>
          {String(account?.account ?? '')}（{account?.name}）
        </dd>
        <dt>目前到期</dt>
        <dd className="figure">{account?.expiresAt ? formatRocDateTime(String(account.expiresAt)) : ''}</dd>
      </dl>
      <Form layout="vertical" onSubmitCapture={() => void submit()}>
        <Form.Item
          label="新的到期日"
          htmlFor="temporary-account-extended"
          required
          extra={ticking?.closesAt && `最晚到勾選時間結束：${formatRocDateTime(ticking.closesAt)}。`}
        >
          <RocDateInput
            id="temporary-account-extended"
            value={expiresOn}
            onChange={setExpiresOn}
            min={taipeiDay(new Date())}
            max={lastDay ?? undefined}
          />
        </Form.Item>
      </Form>
      <ErrorNote error={extend.error} onClose={extend.reset} />
    </Modal>
  );
}
