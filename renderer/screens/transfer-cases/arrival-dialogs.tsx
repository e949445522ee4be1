import { useState } from 'react';
import { taipeiDay } from '../../../domain/roc-date.ts';
import { type HandoverWay, handoverWays, type RequestWay, requestWays } from '../../../domain/transfer-case.ts';
import { useCommand } from '../../app/backend.ts';
import type { DialogProps } from './leaver-dialogs.tsx';
import { ChoiceField, DayField, StepDialog, TextField } from './step-dialog.tsx';

const today = () => taipeiDay(new Date());

/** 登記催交: the school before was asked for the file. */
export function RequestDialog({ cases, onClose, onDone }: DialogProps) {
  const request = useCommand('transferCases.request');
  const [on, setOn] = useState<string | null>(today);
  const [how, setHow] = useState<RequestWay | null>(null);
  const [whom, setWhom] = useState('');
  const [remark, setRemark] = useState('');
  const record = async () => {
    if (on === null || how === null) return;
    const done = await request.run({ direction: 'in', ids: cases.map(({ id }) => id), on, how, whom, remark });
    if (done) onDone(`已登記 ${done.studentIds.length} 位學生的催交`);
  };
  return (
    <StepDialog
      title="登記催交"
      confirmText={`登記催交（${cases.length} 人）`}
      cases={cases}
      command={request}
      complete={on !== null && how !== null}
      onConfirm={record}
      onClose={onClose}
    >
      <div className="transfer-case-pair">
        <DayField label="催交日期" value={on} onChange={setOn} />
        <ChoiceField label="催交方式" choices={requestWays} value={how} onChange={setHow} />
      </div>
      <TextField label="聯絡對象" value={whom} onChange={setWhom} placeholder="原就讀學校的處室或承辦人" />
      <TextField label="備註" value={remark} onChange={setRemark} placeholder="例如公文文號" />
    </StepDialog>
  );
}

/** 登記收到檔案: it is here, and still to be imported. */
export function ReceiveDialog({ cases, onClose, onDone }: DialogProps) {
  const receive = useCommand('transferCases.receive');
  const [on, setOn] = useState<string | null>(today);
  const [how, setHow] = useState<HandoverWay | null>(null);
  const [remark, setRemark] = useState('');
  const record = async () => {
    if (on === null || how === null) return;
    const done = await receive.run({ direction: 'in', ids: cases.map(({ id }) => id), on, how, remark });
    if (done) onDone(`已登記收到 ${done.studentIds.length} 位學生的檔案`);
  };
  return (
    <StepDialog
      title="登記收到檔案"
      confirmText={`登記收到檔案（${cases.length} 人）`}
      cases={cases}
      command={receive}
      complete={on !== null && how !== null}
      note="匯入完成的學生會自動結案，不需要另外登記。"
      onConfirm={record}
      onClose={onClose}
    >
      <div className="transfer-case-pair">
        <DayField label="收到日期" value={on} onChange={setOn} />
        <ChoiceField label="收到方式" choices={handoverWays} value={how} onChange={setHow} />
      </div>
      <TextField label="備註" value={remark} onChange={setRemark} placeholder="例如還缺密碼或 MD5 值" />
    </StepDialog>
  );
}
