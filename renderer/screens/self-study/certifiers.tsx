import { FileExcelOutlined } from '@ant-design/icons';
import { Button, Segmented } from 'antd';
import { useState } from 'react';
import { type CertifierGroupKind, certifierGroupKindNames, certifierGroupKinds } from '../../../domain/office-settings.ts';
import { useJob } from '../../app/backend.ts';
import { useSaveFile } from '../../app/save-file.ts';
import { ErrorNote, PageFrame, SharedChanges } from '../../components/index.ts';
import { GroupList } from './group-list.tsx';
import { GroupMembers } from './group-members.tsx';
import './self-study.css';

const resources: ['certifier-groups'] = ['certifier-groups'];

/** 設定學科/領域認證老師 (manual §3.13.1). */
export default function SelfStudyCertifiers() {
  const [kind, setKind] = useState<CertifierGroupKind>('subject');
  const [group, setGroup] = useState<{ id: string; name: string } | null>(null);
  const workbook = useJob('selfStudy.exportWorkbook');
  const saveFile = useSaveFile();
  const exportAll = async () => {
    const result = await workbook.start({});
    if (result) await saveFile(result.file);
  };
  return (
    <PageFrame
      title="設定學科/領域認證老師"
      meaning="設定自主學習計畫由哪些教職員認證。學科例如國文、數學；自訂群組例如圖書館審核、自主學習計畫審核。"
      actions={
        <Button icon={<FileExcelOutlined />} loading={workbook.running} onClick={() => void exportAll()}>
          匯出 EXCEL
        </Button>
      }
    >
      <SharedChanges resources={resources} />
      <ErrorNote error={workbook.error} onClose={workbook.reset} />
      <div className="self-study-kind">
        <span id="certifier-kind">類別</span>
        <Segmented<CertifierGroupKind>
          aria-labelledby="certifier-kind"
          options={certifierGroupKinds.map((value) => ({ value, label: certifierGroupKindNames[value] }))}
          value={kind}
          onChange={(value) => {
            setKind(value);
            setGroup(null);
          }}
        />
      </div>
      <div className="self-study">
        <GroupList key={kind} kind={kind} chosen={group?.id ?? null} onChoose={setGroup} />
        <GroupMembers group={group} />
      </div>
    </PageFrame>
  );
}
