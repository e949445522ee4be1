import { Button, Radio, Select } from 'antd';
import type { InputOf } from '../../../main/features/contract.ts';
import { transferFormats } from '../../../main/features/transfer-out/contract.ts';
import type { CallError, JobHandle } from '../../app/backend.ts';
import { ErrorNote, JobProgress } from '../../components/index.ts';

export type Choices = Required<Pick<InputOf<'transferOut.produce'>, 'oneFile' | 'format'>>;
type Format = Choices['format'];

/** What the clerk should know before choosing (transfer-format.md "Writing"). */
const formatNotes: Record<Format, string> = {
  aes256: '檔案內容有加密，但 ZIP 的檔名清單沒有，其中的資料夾名稱是身分證統一編號，請勿公開傳送。',
  zipCrypto: '加密強度弱，容易遭破解，請只在對方系統無法讀取 AES-256 時使用。檔名清單也看得到身分證統一編號。',
  private: '連檔名清單也不外露；對方學校必須同樣使用本程式才能匯入。',
};

interface ProductionChoicesProps {
  students: number;
  choices: Choices;
  onChange: (choices: Choices) => void;
  production: JobHandle<'transferOut.produce'>;
  mayProduce: boolean;
  onProduce: () => void;
}

/** How many files, in which format, and the button that makes them. */
export function ProductionChoices({ students, choices, onChange, production, mayProduce, onProduce }: ProductionChoicesProps) {
  return (
    <div className="transfer-out-choices">
      <Radio.Group
        aria-label="檔案"
        value={choices.oneFile}
        disabled={production.running}
        onChange={({ target }) => onChange({ ...choices, oneFile: target.value as boolean })}
        options={[
          { value: false, label: '每位學生一個檔案' },
          { value: true, label: '全部合為一個檔案' },
        ]}
      />
      <div className="transfer-out-format">
        <label htmlFor="transfer-out-format">格式</label>
        <Select
          id="transfer-out-format"
          value={choices.format}
          disabled={production.running}
          onChange={(format) => onChange({ ...choices, format })}
          options={(Object.keys(transferFormats) as Format[]).map((format) => ({ value: format, label: transferFormats[format] }))}
        />
        <p className={choices.format === 'zipCrypto' ? 'transfer-out-note warning' : 'transfer-out-note'}>{formatNotes[choices.format]}</p>
      </div>
      {production.running ? (
        <JobProgress job={production.job} onCancel={production.cancel} />
      ) : (
        <Button type="primary" block disabled={students === 0 || !mayProduce} onClick={onProduce}>
          {students === 0 ? '產生匯出檔案' : `產生匯出檔案（${students} 人）`}
        </Button>
      )}
      {!mayProduce && <p className="transfer-out-note">您的帳號只能檢視；產生匯出檔案請洽學校管理者設定角色權限。</p>}
      {production.error && <ProductionRefused error={production.error} onClose={production.reset} />}
      {production.job?.state === 'cancelled' && <p className="transfer-out-note">已取消，沒有留下任何檔案；學生清單仍在。</p>}
    </div>
  );
}

function ProductionRefused({ error, onClose }: { error: CallError; onClose: () => void }) {
  const numbers = error.details.studentNumbers;
  return (
    <>
      <ErrorNote error={error} onClose={onClose} />
      {Array.isArray(numbers) && numbers.length > 0 && <p className="transfer-out-note">學號：{numbers.join('、')}</p>}
    </>
  );
}
