import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { ErrorNote } from '../../components/error-note.tsx';
import Rescue from '../backup/rescue.tsx';
import { type OutputOfConnect, useConnect } from './use-connect.ts';

interface ConnectFields {
  url: string;
  schoolCode: string;
  deviceId: string;
  deviceKey: string;
}

/** A directory that knows no city yet: the address, the school and the key of this computer, from the education bureau. */
export default function Connect({ onMade }: { onMade: (made: OutputOfConnect) => void }) {
  const { connect, enter } = useConnect();
  const [fromBackup, setFromBackup] = useState(false);

  const submit = async (fields: ConnectFields) => {
    const connected = await connect.run({ ...fields, schoolCode: fields.schoolCode.trim().toUpperCase() });
    if (!connected) return;
    onMade(connected);
  };

  if (fromBackup) return <Rescue failure={null} onRestored={enter} onBack={() => setFromBackup(false)} />;
  return (
    <Form<ConnectFields> layout="vertical" initialValues={{ deviceId: 'office' }} onFinish={(fields) => void submit(fields)}>
      <h1 className="sign-in-title">連接市級系統</h1>
      <p className="muted">第一次使用，請輸入教育局提供的連線資料。</p>
      <Form.Item
        label="網址"
        name="url"
        rules={[{ required: true, type: 'url', message: '請輸入完整網址，例如 https://…' }]}
        validateTrigger="onBlur"
      >
        <Input inputMode="url" autoComplete="off" maxLength={500} placeholder="https://" />
      </Form.Item>
      <Form.Item
        label="學校代碼"
        name="schoolCode"
        rules={[{ required: true, pattern: /^\s*[0-9A-Za-z]{6}\s*$/, message: '學校代碼是六個英數字' }]}
        validateTrigger="onBlur"
      >
        <Input autoComplete="off" maxLength={8} />
      </Form.Item>
      <Form.Item label="裝置代號" name="deviceId" rules={[{ required: true, message: '請輸入裝置代號' }]} validateTrigger="onBlur">
        <Input autoComplete="off" maxLength={200} />
      </Form.Item>
      <Form.Item label="裝置金鑰" name="deviceKey" rules={[{ required: true, message: '請輸入裝置金鑰' }]} validateTrigger="onBlur">
        <Input.Password autoComplete="off" maxLength={500} />
      </Form.Item>
      <ErrorNote error={connect.error} />
      <Button type="primary" size="large" htmlType="submit" block loading={connect.pending}>
        連線
      </Button>
      <Button type="link" block disabled={connect.pending} onClick={() => setFromBackup(true)}>
        這是新電腦：從備份還原
      </Button>
    </Form>
  );
}
