import { Checkbox, Form, Select } from 'antd';
import { useId, useState } from 'react';
import { formatRocDateTime, taipeiDay } from '../../../domain/roc-date.ts';
import { type HandoverWay, handoverWays, type PasswordWay, passwordWays } from '../../../domain/transfer-case.ts';
import { useCommand, useQueryOperation } from '../../app/backend.ts';
import type { CaseRow } from './case-row.ts';
import { ChoiceField, DayField, StepDialog, TextField } from './step-dialog.tsx';

export interface DialogProps {
  cases: readonly CaseRow[];
  onClose: () => void;
  /** It was recorded: what to tell the clerk. */
  onDone: (note: string) => void;
}

const today = () => taipeiDay(new Date());
const schoolOf = ({ schoolName, schoolCode }: CaseRow) => schoolName || schoolCode;
/** What all cases have alike, or nothing. */
const common = (cases: readonly CaseRow[], of: (one: CaseRow) => string): string => {
  const values = new Set(cases.map(of));
  return values.size === 1 ? [...values][0]! : '';
};

/** 登記交付: when, how and to whom the newest file went, and how its password was told. */
export function HandOverDialog({ cases, onClose, onDone }: DialogProps) {
  const handOver = useCommand('transferCases.handOver');
  const [on, setOn] = useState<string | null>(today);
  const [how, setHow] = useState<HandoverWay | null>(null);
  const [to, setTo] = useState(() => common(cases, schoolOf));
  const [told, setTold] = useState(false);
  const [toldOn, setToldOn] = useState<string | null>(today);
  const [toldHow, setToldHow] = useState<PasswordWay | null>(null);
  const [remark, setRemark] = useState('');
  const [fileId, setFileId] = useState<string>();
  const only = cases.length === 1 ? cases[0]! : null;
  const complete = on !== null && how !== null && to.trim() !== '' && (!told || (toldOn !== null && toldHow !== null));
  const record = async () => {
    if (on === null || how === null) return;
    const password = told && toldOn !== null && toldHow !== null ? { on: toldOn, how: toldHow } : null;
    const wanted = cases.map(({ id }) => ({ id, ...(only && fileId ? { fileId } : {}) }));
    const done = await handOver.run({ direction: 'out', cases: wanted, on, how, to, password, remark });
    if (done) onDone(`已登記 ${done.studentIds.length} 位學生的檔案交付`);
  };
  return (
    <StepDialog
      title="登記交付"
      confirmText={`登記交付（${cases.length} 人）`}
      cases={cases}
      command={handOver}
      complete={complete}
      note="密碼請用與檔案不同的管道告知。對方學校確認收到後，再按「登記確認」結案。"
      onConfirm={record}
      onClose={onClose}
    >
      {only && <FileField caseId={only.id} value={fileId} onChange={setFileId} />}
      <div className="transfer-case-pair">
        <DayField label="交付日期" value={on} onChange={setOn} />
        <ChoiceField label="交付方式" choices={handoverWays} value={how} onChange={setHow} />
      </div>
      <TextField label="交付對象" value={to} onChange={setTo} required hint="對方學校、處室或承辦人。" />
      <Form.Item>
        <Checkbox checked={told} onChange={({ target }) => setTold(target.checked)}>
          密碼已另外告知
        </Checkbox>
      </Form.Item>
      {told && (
        <div className="transfer-case-pair">
          <DayField label="密碼告知日期" value={toldOn} onChange={setToldOn} />
          <ChoiceField label="密碼告知方式" choices={passwordWays} value={toldHow} onChange={setToldHow} />
        </div>
      )}
      <TextField label="備註" value={remark} onChange={setRemark} placeholder="例如掛號號碼、公文文號" />
    </StepDialog>
  );
}

/** Which file, where there is more than one. */
function FileField({ caseId, value, onChange }: { caseId: string; value: string | undefined; onChange: (id: string) => void }) {
  const id = useId();
  const details = useQueryOperation('transferCases.details', { direction: 'out', id: caseId });
  const files = details.data?.files ?? [];
  if (files.length < 2) return null;
  return (
    <Form.Item label="匯出檔案" htmlFor={id} required>
      <Select
        id={id}
        aria-label="匯出檔案"
        value={value ?? files[0]?.id}
        options={files.map((file) => ({ value: file.id, label: `${file.fileName}（${formatRocDateTime(file.createdAt)} 產生）` }))}
        onChange={onChange}
      />
    </Form.Item>
  );
}

/** 登記密碼告知, where it was told after the file was handed over. */
export function TellPasswordDialog({ cases, onClose, onDone }: DialogProps) {
  const tell = useCommand('transferCases.tellPassword');
  const [on, setOn] = useState<string | null>(today);
  const [how, setHow] = useState<PasswordWay | null>(null);
  const record = async () => {
    if (on === null || how === null) return;
    const done = await tell.run({ direction: 'out', ids: cases.map(({ id }) => id), on, how });
    if (done) onDone(`已登記 ${done.studentIds.length} 位學生的密碼告知`);
  };
  return (
    <StepDialog
      title="登記密碼告知"
      confirmText={`登記密碼告知（${cases.length} 人）`}
      cases={cases}
      command={tell}
      complete={on !== null && how !== null}
      onConfirm={record}
      onClose={onClose}
    >
      <div className="transfer-case-pair">
        <DayField label="密碼告知日期" value={on} onChange={setOn} />
        <ChoiceField label="密碼告知方式" choices={passwordWays} value={how} onChange={setHow} />
      </div>
    </StepDialog>
  );
}

/** 登記確認: the other school has it, and the case is done. */
export function AcknowledgeDialog({ cases, onClose, onDone }: DialogProps) {
  const acknowledge = useCommand('transferCases.acknowledge');
  const [on, setOn] = useState<string | null>(today);
  const [by, setBy] = useState('');
  const [remark, setRemark] = useState('');
  const latest = cases
    .map(({ handedOverOn }) => handedOverOn ?? '')
    .sort()
    .at(-1);
  const record = async () => {
    if (on === null) return;
    const done = await acknowledge.run({ direction: 'out', ids: cases.map(({ id }) => id), on, by, remark });
    if (done) onDone(`${done.studentIds.length} 位學生的轉出已完成`);
  };
  return (
    <StepDialog
      title="登記對方學校確認收到"
      confirmText={`登記確認（${cases.length} 人）`}
      cases={cases}
      command={acknowledge}
      complete={on !== null && by.trim() !== ''}
      onConfirm={record}
      onClose={onClose}
    >
      <DayField label="確認日期" value={on} onChange={setOn} min={latest} />
      <TextField label="確認人員" value={by} onChange={setBy} required hint="對方學校的哪一位，例如「註冊組 林組長」。" />
      <TextField label="備註" value={remark} onChange={setRemark} placeholder="例如公文文號" />
    </StepDialog>
  );
}
