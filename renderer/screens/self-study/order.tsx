import { ArrowDownOutlined, ArrowUpOutlined, CloseOutlined, PlusOutlined } from '@ant-design/icons';
import { App, Button, Select, Skeleton } from 'antd';
import { useState } from 'react';
import { toChineseNumeral } from '../../../domain/class-order.ts';
import { certificationStageKindNames } from '../../../domain/office-settings.ts';
import type { CertificationStage } from '../../../main/features/self-study/contract.ts';
import { useCommand, useQueryOperation } from '../../app/backend.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { useUnsavedChanges } from '../../app/unsaved-changes.tsx';
import { ErrorNote, PageFrame, SharedChanges } from '../../components/index.ts';
import './self-study.css';

const resources: ['certification-stages'] = ['certification-stages'];
const keyOf = ({ kind, certifierGroupId }: CertificationStage) => `${kind} ${certifierGroupId ?? ''}`;

/** 設定認證順序 (manual §3.13.2): stages are arranged here and saved at once. */
export default function SelfStudyOrder() {
  const { session } = useOffice();
  const { message } = App.useApp();
  const order = useQueryOperation('selfStudy.order', {});
  const custom = useQueryOperation('selfStudy.groups', { kind: 'custom' });
  const groups = custom.data?.groups ?? [];
  const save = useCommand('selfStudy.saveOrder');
  const [arranged, setArranged] = useState<CertificationStage[] | null>(null);
  const [adding, setAdding] = useState<string | null>(null);
  const may = mayUse(session, 'S0302S', 'update');
  const stored = order.data?.stages ?? [];
  const stages = arranged ?? stored;
  const changed = arranged !== null && arranged.map(keyOf).join() !== stored.map(keyOf).join();
  useUnsavedChanges(changed ? '認證順序' : null);

  const nameOf = ({ kind, certifierGroupId }: CertificationStage) =>
    kind === 'customGroup'
      ? `自訂 - ${groups.find(({ id }) => id === certifierGroupId)?.name ?? (custom.data ? '（群組已刪除）' : '…')}`
      : `${certificationStageKindNames[kind]}認證`;
  const possible: CertificationStage[] = [
    { kind: 'homeroomTeacher', certifierGroupId: null },
    { kind: 'subjectTeacher', certifierGroupId: null },
    ...groups.map(({ id }): CertificationStage => ({ kind: 'customGroup', certifierGroupId: id })),
  ];
  const free = possible.filter((stage) => !stages.some((each) => keyOf(each) === keyOf(stage)));
  const arrange = (next: CertificationStage[]) => {
    save.reset();
    setArranged(next);
  };
  const move = (index: number, by: -1 | 1) => {
    const next = [...stages];
    const [stage] = next.splice(index, 1);
    next.splice(index + by, 0, stage!);
    arrange(next);
  };
  const add = () => {
    const stage = free.find((each) => keyOf(each) === adding);
    if (!stage) return;
    arrange([...stages, stage]);
    setAdding(null);
  };
  const onSave = async () => {
    const saved = await save.run({ stages });
    if (!saved) return;
    await order.refetch();
    setArranged(null);
    message.success(`已儲存 ${saved.stages} 個認證階段`);
    for (const name of saved.emptyGroups)
      message.warning(`「${name}」還沒有教職員，請到設定學科/領域認證老師加入，否則計畫會停在這個階段。`);
  };

  return (
    <PageFrame
      title="設定認證順序"
      meaning="學生的自主學習計畫依序由各階段認證：前一階段通過後才送到下一階段。新的順序只用於之後送出的計畫。"
      actions={
        may && (
          <>
            {changed && <Button onClick={() => setArranged(null)}>復原</Button>}
            <Button type="primary" disabled={!changed} loading={save.pending} onClick={() => void onSave()}>
              儲存
            </Button>
          </>
        )
      }
    >
      <SharedChanges resources={resources} />
      <ErrorNote error={order.error ?? custom.error} onRetry={() => void Promise.all([order.refetch(), custom.refetch()])} />
      <ErrorNote error={save.error} onClose={save.reset} />
      <section className="panel self-study-order" aria-label="認證階段">
        {may && (
          <div className="self-study-add">
            <label htmlFor="stage-kind">建立認證階段　認證身分</label>
            <Select
              id="stage-kind"
              className="self-study-select"
              aria-label="認證身分"
              placeholder="請選擇"
              value={adding}
              options={free.map((stage) => ({ value: keyOf(stage), label: nameOf(stage) }))}
              onChange={setAdding}
            />
            <Button icon={<PlusOutlined />} disabled={adding === null} onClick={add}>
              新增階段
            </Button>
          </div>
        )}
        {order.isPending && <Skeleton active title={false} paragraph={{ rows: 4 }} />}
        {order.data && stages.length === 0 && <p className="panel-empty">還沒有認證階段。請選擇認證身分後按「新增階段」。</p>}
        <ol>
          {stages.map((stage, index) => (
            <li key={keyOf(stage)}>
              <span className="self-study-stage">階段{toChineseNumeral(index + 1)}</span>
              <span className="self-study-stage-name">{nameOf(stage)}</span>
              {may && (
                <span className="self-study-stage-buttons">
                  <Button
                    type="text"
                    aria-label={`${nameOf(stage)}上移`}
                    icon={<ArrowUpOutlined />}
                    disabled={index === 0}
                    onClick={() => move(index, -1)}
                  />
                  <Button
                    type="text"
                    aria-label={`${nameOf(stage)}下移`}
                    icon={<ArrowDownOutlined />}
                    disabled={index === stages.length - 1}
                    onClick={() => move(index, 1)}
                  />
                  <Button
                    type="text"
                    aria-label={`移除${nameOf(stage)}`}
                    icon={<CloseOutlined />}
                    onClick={() => arrange(stages.filter((_, each) => each !== index))}
                  />
                </span>
              )}
            </li>
          ))}
        </ol>
        <p className="self-study-effect" aria-live="polite">
          {stages.length > 0 && `學生送出 → ${stages.map(nameOf).join(' → ')} → 認證完成`}
        </p>
      </section>
    </PageFrame>
  );
}
