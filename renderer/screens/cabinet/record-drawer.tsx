import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import { Button, Drawer, Timeline } from 'antd';
import { useShortcut } from '../../components/use-shortcut.ts';
import { FileView } from './file-view.tsx';
import { RecordOrigin } from './record-origin.tsx';
import { type Cabinet, type CabinetRecord, fieldsOf, historyOf, momentOf, type RecordKind } from './records.ts';

interface RecordDrawerProps {
  kind: RecordKind;
  title: string;
  records: readonly CabinetRecord[];
  /** Which is open; null for none. */
  index: number | null;
  cabinet: Cabinet;
  onIndex: (index: number | null) => void;
}

const withFiles: ReadonlySet<RecordKind> = new Set(['outcome', 'performance', 'autobiography']);

/** One record with every field, its history and its files; ← → to the next one of the section. */
export function RecordDrawer({ kind, title, records, index, cabinet, onIndex }: RecordDrawerProps) {
  const record = index === null ? undefined : records[index];
  const has = { previous: index !== null && index > 0, next: index !== null && index < records.length - 1 };
  // Bound while it is open, over the cabinet's own steps from student to student.
  useShortcut({ key: 'ArrowLeft' }, () => has.previous && onIndex(index! - 1), record !== undefined);
  useShortcut({ key: 'ArrowRight' }, () => has.next && onIndex(index! + 1), record !== undefined);

  return (
    <Drawer
      open={record !== undefined}
      onClose={() => onIndex(null)}
      size={720}
      title={index === null ? title : `${title}（${index + 1} / ${records.length}）`}
      extra={
        <>
          <Button type="text" aria-label="上一筆" icon={<LeftOutlined />} disabled={!has.previous} onClick={() => onIndex(index! - 1)} />
          <Button type="text" aria-label="下一筆" icon={<RightOutlined />} disabled={!has.next} onClick={() => onIndex(index! + 1)} />
        </>
      }
    >
      {record && (
        <div className="cabinet-record">
          {withFiles.has(kind) &&
            (['document', 'media'] as const).map((slot) => {
              const sha256 = record[`${slot}Sha256`];
              if (typeof sha256 !== 'string') return null;
              return (
                <FileView
                  key={`${record.id} ${slot}`}
                  kind={kind as 'outcome' | 'performance' | 'autobiography'}
                  recordId={String(record.id)}
                  slot={slot}
                  name={String(record[`${slot}Name`] ?? '')}
                  file={cabinet.files[sha256]}
                  broughtBy={cabinet.origins[String(record.id)]?.files.includes(sha256) ? cabinet.origins[String(record.id)] : undefined}
                />
              );
            })}
          <dl className="cabinet-fields">
            {fieldsOf(kind, record, cabinet.schoolNames).map(({ label, value }) => (
              <div key={label}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
          <RecordOrigin origin={cabinet.origins[String(record.id)]} />
          <h3>歷程</h3>
          <Timeline
            items={historyOf(kind, record).map((happening) => ({
              key: happening.label,
              content: (
                <>
                  {happening.label} <span className="figure">{momentOf(happening)}</span> {happening.detail}
                </>
              ),
            }))}
          />
        </div>
      )}
    </Drawer>
  );
}
