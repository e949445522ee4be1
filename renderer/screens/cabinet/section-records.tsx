import { PaperClipOutlined, SoundOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import { RecordDrawer } from './record-drawer.tsx';
import type { Cabinet } from './records.ts';
import type { Section } from './sections.ts';

/** The records behind a tile; each opens with all its fields and its file. */
export function SectionRecords({ section, cabinet }: { section: Section; cabinet: Cabinet }) {
  const [open, setOpen] = useState<number | null>(null);
  const { records, columns, title, kind, empty } = section;
  return (
    <section className="cabinet-section" aria-label={title}>
      <h2>{title}</h2>
      {records.length === 0 ? (
        <p className="panel-empty">{empty}</p>
      ) : (
        <div className="cabinet-records">
          <table className="plain-table">
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column.title} scope="col">
                    {column.title}
                  </th>
                ))}
                <th scope="col">檔案</th>
                <th scope="col">查看</th>
              </tr>
            </thead>
            <tbody>
              {records.map((record, index) => (
                <tr key={String(record.id)} onDoubleClick={() => setOpen(index)}>
                  {columns.map((column) => (
                    <td
                      key={column.title}
                      className={column.wide ? 'cabinet-wide' : undefined}
                      title={column.wide ? column.of(record) : undefined}
                    >
                      {column.of(record)}
                    </td>
                  ))}
                  <td>
                    {record.documentSha256 !== null && record.documentSha256 !== undefined && (
                      <PaperClipOutlined aria-label="有文件檔案" role="img" />
                    )}
                    {record.mediaSha256 !== null && record.mediaSha256 !== undefined && (
                      <SoundOutlined aria-label="有影音檔案" role="img" />
                    )}
                  </td>
                  <td>
                    <Button
                      size="small"
                      aria-label={`查看 ${columns.map((column) => column.of(record)).join(' ')}`}
                      onClick={() => setOpen(index)}
                    >
                      查看
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {kind && <RecordDrawer kind={kind} title={title} records={records} index={open} cabinet={cabinet} onIndex={setOpen} />}
    </section>
  );
}
