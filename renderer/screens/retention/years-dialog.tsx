import { App, Button, Form, InputNumber, Modal } from 'antd';
import { useState } from 'react';
import { leastKeptYears, mostKeptYears } from '../../../main/features/retention/contract.ts';
import { useCommand } from '../../app/backend.ts';
import { ErrorNote } from '../../components/index.ts';

/** How many academic years leavers are kept. Nothing is deleted by saying so. */
export function YearsDialog({ keptYears, onClose }: { keptYears: number; onClose: () => void }) {
  const { message } = App.useApp();
  const save = useCommand('retention.saveYears');
  const [years, setYears] = useState<number | null>(keptYears);
  const changed = years !== null && years !== keptYears;
  const keep = async () => {
    if (!changed || !(await save.run({ keptYears: years }))) return;
    message.success(`離校後保存 ${years} 學年`);
    onClose();
  };
  return (
    <Modal
      open
      title="離校學生的保存學年"
      width={480}
      onCancel={onClose}
      footer={[
        <Button key="close" onClick={onClose}>
          取消
        </Button>,
        <Button key="save" type="primary" disabled={!changed} loading={save.pending} onClick={() => void keep()}>
          儲存保存學年
        </Button>,
      ]}
    >
      <Form layout="vertical" onSubmitCapture={() => void keep()}>
        <Form.Item
          label="離校後保存幾學年"
          htmlFor="retention-kept-years"
          required
          extra={`${leastKeptYears} 到 ${mostKeptYears} 學年，不含離校的那一學年；建議 3 學年。請依校內規定與主管機關的函示設定。`}
        >
          <InputNumber
            id="retention-kept-years"
            autoFocus
            min={leastKeptYears}
            max={mostKeptYears}
            precision={0}
            value={years}
            onChange={setYears}
          />
        </Form.Item>
      </Form>
      <p className="muted">儲存後只改變哪些學生列為到期，不會清除任何資料。</p>
      <ErrorNote error={save.error} onClose={save.reset} />
    </Modal>
  );
}
