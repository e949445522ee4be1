import { Alert, Button, Input } from 'antd';
import type { CallError } from '../../app/backend.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import type { Import } from './use-import.ts';

/**
 * The MD5 does not match: both values side by side. Where the backend says that what was typed is an identifier and
 * this account may go on without (transfer-format.md "Reading"), it asks for the reason, which is audited.
 */
export function Md5Refusal({ error, importing }: { error: CallError; importing: Import }) {
  const { form, change, startCheck, busy } = importing;
  const { expected, actual } = error.details;
  const mayGoOn = mayUse(useOffice().session, 'S0220S', 'update') && error.details.identifier === true;
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={error.message}
      description={
        <>
          <dl className="transfer-in-md5">
            <dt>輸入的值</dt>
            <dd className="monospace">{String(expected ?? form.md5)}</dd>
            <dt>檔案的 MD5</dt>
            <dd className="monospace">{String(actual ?? '')}</dd>
          </dl>
          {mayGoOn && (
            <div className="transfer-in-waive">
              <label htmlFor="transfer-in-reason">若已向原學校確認檔案無誤，可說明理由後繼續，理由會記入稽核紀錄：</label>
              <Input.TextArea
                id="transfer-in-reason"
                value={form.md5WaivedReason}
                maxLength={500}
                rows={2}
                onChange={({ target }) => change({ md5WaivedReason: target.value })}
              />
              <Button disabled={form.md5WaivedReason.trim() === '' || busy} onClick={startCheck}>
                不比對 MD5，繼續檢查
              </Button>
            </div>
          )}
          <span className="error-code">代碼 {error.code}</span>
        </>
      }
    />
  );
}
