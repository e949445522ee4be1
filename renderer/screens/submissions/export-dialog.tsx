import { Modal } from 'antd';
import { useState } from 'react';
import type { RosterScope } from '../../../main/features/submissions/contract.ts';
import { kindWords } from './kinds.ts';
import { RosterChoice } from './roster-choice.tsx';
import type { Choices } from './use-roster.ts';

interface ExportDialogProps {
  rosters: Choices['rosters'];
  begin: RosterScope;
  onExport: (roster: RosterScope) => void;
  onClose: () => void;
}

/** The manual's last block: 請輸入要查看哪個年度的紀錄. */
export function ExportDialog({ rosters, begin, onExport, onClose }: ExportDialogProps) {
  const [roster, setRoster] = useState(begin);
  const { exportTitle, exportQuestion } = kindWords[begin.kind];
  return (
    <Modal open title={exportTitle} okText="匯出" cancelText="取消" width={480} onOk={() => onExport(roster)} onCancel={onClose}>
      <p>{exportQuestion}</p>
      <div className="submission-buttons">
        <RosterChoice rosters={rosters} roster={roster} onChoose={setRoster} />
      </div>
    </Modal>
  );
}
