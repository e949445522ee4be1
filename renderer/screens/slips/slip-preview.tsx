import { Button, Skeleton } from 'antd';
import { lazy, Suspense } from 'react';
import { remarksFit } from '../../../domain/slip-remarks.ts';
import type { SlipSelection } from '../../../main/features/slips/contract.ts';
import type { JobHandle } from '../../app/backend.ts';
import { ErrorNote, JobProgress } from '../../components/index.ts';

const PdfView = lazy(() => import('../../components/pdf/pdf-view.tsx'));

interface SlipPreviewProps {
  preview: JobHandle<'slips.preview'>;
  selection: SlipSelection | null;
  /** The form was changed after the page on the screen was made. */
  outdated: boolean;
  onShow: () => void;
}

/** The first pages as they will be printed. Asked for by a button: each look is audited. */
export function SlipPreview({ preview, selection, outdated, onShow }: SlipPreviewProps) {
  const possible = selection !== null && remarksFit(selection.remarks);
  const { result, running, error } = preview;
  return (
    <section className="slips-preview" aria-label="預覽">
      <div className="slips-preview-head">
        <h2>預覽</h2>
        {result && !running && (
          <span>
            前 {result.pages} 頁，共 {result.slips} 份
          </span>
        )}
        {result && outdated && <span className="slips-outdated">設定已變更，請更新預覽</span>}
        <Button disabled={!possible || running} type={result && outdated ? 'primary' : 'default'} onClick={onShow}>
          {result ? '更新預覽' : '預覽'}
        </Button>
      </div>
      <ErrorNote error={error} onRetry={possible ? onShow : undefined} onClose={preview.reset} />
      {running && <JobProgress job={preview.job} onCancel={preview.cancel} />}
      {result ? (
        <Suspense fallback={<Skeleton active paragraph={{ rows: 12 }} />}>
          <PdfView file={result.file} label="確認單預覽" />
        </Suspense>
      ) : (
        !running && !error && <p className="slips-preview-empty">填好左邊的設定後按「預覽」，這裡會顯示前三位學生的確認單。</p>
      )}
    </section>
  );
}
