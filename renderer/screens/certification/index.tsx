import { Tabs } from 'antd';
import { useState } from 'react';
import { formatTerm } from '../../../domain/term.ts';
import { useQueryOperation } from '../../app/backend.ts';
import { TermSelect, useViewedTerm } from '../../app/viewed-term.tsx';
import { formatCount, PageFrame, SharedChanges } from '../../components/index.ts';
import './certification.css';
import { Deputies } from './deputies.tsx';
import { Report } from './report.tsx';
import { Uncertified } from './uncertified.tsx';

const resources: ['deputy-certifiers'] = ['deputy-certifiers'];

/** 查詢未認證教師狀況表 (manual §3.11) and 代理認證教師. */
export default function Certification() {
  const { term } = useViewedTerm();
  const [tab, setTab] = useState('uncertified');
  const summary = useQueryOperation('certification.summary', term).data;
  return (
    <PageFrame
      title="查詢未認證教師狀況表"
      meaning={
        summary &&
        (summary.outcomes === 0
          ? `${formatTerm(term)} 沒有等待認證的學習成果。`
          : `${formatTerm(term)} 有 ${formatCount(summary.outcomes)} 件學習成果等待 ${formatCount(summary.teachers)} 位教師認證；合開課程的成果在每位可以認證的教師名下各算一件。${summary.unassigned > 0 ? `其中 ${formatCount(summary.unassigned)} 件沒有教師可以認證，列在（未指定教師）。` : ''}`)
      }
      actions={<TermSelect />}
    >
      <SharedChanges resources={resources} />
      <Tabs
        className="fill-tabs"
        activeKey={tab}
        onChange={setTab}
        destroyOnHidden
        items={[
          { key: 'uncertified', label: '未認證清單', children: <Uncertified /> },
          { key: 'report', label: '列印狀況表', children: <Report /> },
          { key: 'deputies', label: '代理認證教師', children: <Deputies /> },
        ]}
      />
    </PageFrame>
  );
}
