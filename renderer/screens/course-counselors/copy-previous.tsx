import { App, Button, Modal, Skeleton } from 'antd';
import { formatTerm } from '../../../domain/term.ts';
import { useCommand, useQueryOperation } from '../../app/backend.ts';
import { useViewedTerm } from '../../app/viewed-term.tsx';
import { ErrorNote, formatCount } from '../../components/index.ts';

/** 複製上學期設定: first what would be copied, and what can't be. */
export function CopyPrevious({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { term } = useViewedTerm();
  const { message } = App.useApp();
  const preview = useQueryOperation('courseCounselors.previous', term, { enabled: open });
  const copy = useCommand('courseCounselors.copyPrevious');
  const settings = preview.data?.settings ?? [];
  const fresh = settings.filter(({ classId, there }) => classId !== null && !there);
  const onCopy = async () => {
    const answer = await copy.run(term);
    if (!answer) return;
    message.success(`已複製 ${answer.added} 筆課程諮詢教師設定`);
    onClose();
  };
  return (
    <Modal
      title={`複製上學期設定到 ${formatTerm(term)}`}
      open={open}
      onCancel={onClose}
      width={640}
      footer={
        <>
          <Button onClick={onClose}>取消</Button>
          <Button type="primary" disabled={fresh.length === 0} loading={copy.pending} onClick={() => void onCopy()}>
            複製 {formatCount(fresh.length)} 筆設定
          </Button>
        </>
      }
    >
      <ErrorNote error={preview.error ?? copy.error} onRetry={() => void preview.refetch()} />
      {preview.isPending && <Skeleton active title={false} paragraph={{ rows: 6 }} />}
      {preview.data && settings.length === 0 && <p>{formatTerm(preview.data)} 沒有設定過課程諮詢教師，沒有可以複製的資料。</p>}
      {settings.length > 0 && (
        <div className="course-counselor-preview">
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">教師姓名</th>
                <th scope="col">{preview.data && formatTerm(preview.data)} 班級</th>
                <th scope="col">{formatTerm(term)} 班級</th>
              </tr>
            </thead>
            <tbody>
              {settings.map(({ teacherId, teacherName, fromClass, className, there }) => (
                <tr key={`${teacherId} ${fromClass}`}>
                  <td>{teacherName}</td>
                  <td>{fromClass}</td>
                  <td className={className === null ? 'muted' : undefined}>
                    {className === null ? '不複製（班級已畢業或教師已離職）' : there ? `${className}（已設定）` : className}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Modal>
  );
}
