import { PageFrame, SharedChanges } from '../../components/index.ts';
import { DamagedFiles } from './damaged-files.tsx';
import { ParameterForm } from './parameter-form.tsx';
import './parameters.css';

const resources: ('parameters' | 'outcomes' | 'damaged-files')[] = ['parameters', 'outcomes', 'damaged-files'];

/** 設定功能參數 (manual §3.2), and the outcomes whose files are damaged (§3.2.7). */
export default function Parameters() {
  return (
    <PageFrame
      title="設定功能參數"
      meaning="學生上傳學習成果的數量與各種通知的時間。存檔後送到市級系統，由市級系統依這些參數限制上傳並寄送通知。"
    >
      <SharedChanges resources={resources} />
      <ParameterForm />
      <DamagedFiles />
    </PageFrame>
  );
}
