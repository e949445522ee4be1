import { App, Button, Input } from 'antd';
import { useState } from 'react';
import type { OutputOf } from '../../../main/features/contract.ts';
import { useCommand } from '../../app/backend.ts';
import { useUnsavedChanges } from '../../app/unsaved-changes.tsx';
import { ErrorNote } from '../../components/index.ts';

interface SettingsPanelProps {
  overview: OutputOf<'backup.overview'>;
  secondProblem: string | null;
  mayChange: boolean;
}

const timeForm = /^([01]\d|2[0-3]):[0-5]\d$/;
/** `9:5` and full-width digits, as they are typed in haste. */
const timeOf = (typed: string): string => {
  const [hour = '', minute = ''] = typed.normalize('NFKC').trim().split(':');
  return `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
};

/** When, and where besides: a second place survives the disk. */
export function SettingsPanel({ overview, secondProblem, mayChange }: SettingsPanelProps) {
  const { message } = App.useApp();
  const save = useCommand('backup.saveSettings');
  const [typed, setTyped] = useState<{ time?: string; secondPlace?: string }>({});
  const time = typed.time ?? overview.time;
  const secondPlace = typed.secondPlace ?? overview.secondPlace ?? '';
  const badTime = !timeForm.test(timeOf(time));
  const changed = timeOf(time) !== overview.time || secondPlace.trim() !== (overview.secondPlace ?? '');
  useUnsavedChanges(changed ? '備份設定' : null);

  const onSave = async () => {
    if (badTime) return;
    const saved = await save.run({ time: timeOf(time), secondPlace: secondPlace.trim() === '' ? null : secondPlace.trim() });
    if (!saved) return;
    setTyped({});
    message.success('已儲存備份設定');
  };

  return (
    <section className="panel backup-settings" aria-labelledby="backup-settings">
      <h2 id="backup-settings">自動備份</h2>
      <div className="backup-field">
        <label htmlFor="backup-time">每日時間</label>
        <Input
          id="backup-time"
          className="backup-time figure"
          value={time}
          maxLength={5}
          disabled={!mayChange}
          status={badTime ? 'error' : undefined}
          aria-invalid={badTime}
          aria-describedby="backup-time-hint"
          onChange={(event) => setTyped((before) => ({ ...before, time: event.target.value }))}
          onPressEnter={() => void onSave()}
        />
        <span id="backup-time-hint" className={badTime ? 'state-wrong' : 'muted'}>
          {badTime ? '請輸入 00:00 到 23:59，例如 12:30' : '電腦關機錯過時，下次開啟後補做一次'}
        </span>
      </div>
      <div className="backup-field">
        <label htmlFor="backup-second">第二個位置</label>
        <Input
          id="backup-second"
          value={secondPlace}
          maxLength={1000}
          disabled={!mayChange}
          placeholder="隨身碟或網路資料夾的完整路徑，例如 E:\備份"
          onChange={(event) => setTyped((before) => ({ ...before, secondPlace: event.target.value }))}
          onPressEnter={() => void onSave()}
        />
      </div>
      {secondProblem && !typed.secondPlace && (
        <p className="backup-note state-soon" role="status">
          第二份沒有複製成功：{secondProblem}
        </p>
      )}
      <p className="backup-note muted">
        本機位置：<span className="backup-path">{overview.folder}</span>
      </p>
      <ErrorNote error={save.error} onClose={save.reset} />
      {mayChange && (
        <div className="backup-buttons">
          <Button type="primary" disabled={!changed || badTime} loading={save.pending} onClick={() => void onSave()}>
            儲存備份設定
          </Button>
          {changed && <Button onClick={() => setTyped({})}>復原</Button>}
        </div>
      )}
    </section>
  );
}
