import { Alert, Button, Modal } from 'antd';
import type { OutputOf } from '../../../main/features/contract.ts';
import { CopyText } from '../../components/index.ts';

/** An account's one-time password: shown this once, kept nowhere, gone when the dialog is closed. */
export function OneTimePassword({ given, onClose }: { given: OutputOf<'roles.givePassword'> | null; onClose: () => void }) {
  return (
    <Modal
      title="登入帳號與一次性密碼"
      width={520}
      open={given !== null}
      onCancel={onClose}
      // A click beside the dialog must not throw the password away.
      mask={{ closable: false }}
      destroyOnHidden
      footer={
        <Button type="primary" onClick={onClose}>
          我已交給本人，關閉
        </Button>
      }
    >
      {given && (
        <>
          <Alert type="warning" showIcon title="密碼只顯示這一次，關閉後無法再查看；忘記時請再按「重設密碼」。第一次登入必須變更密碼。" />
          <dl className="role-password">
            <dt>姓名</dt>
            <dd>{given.displayName}</dd>
            <dt>登入帳號</dt>
            <dd>
              <CopyText text={given.accountName} label="登入帳號" monospace />
            </dd>
            <dt>一次性密碼</dt>
            <dd>
              <CopyText text={given.oneTimePassword} label="一次性密碼" monospace />
            </dd>
          </dl>
        </>
      )}
    </Modal>
  );
}
