import { Alert, Button, Skeleton } from 'antd';
import { lazy, Suspense, useState } from 'react';
import type { OutgoingFile } from '../../../main/application/contract.ts';
import { CallError, useJob } from '../../app/backend.ts';
import { useSaveFile } from '../../app/save-file.ts';
import { useViewedTerm } from '../../app/viewed-term.tsx';
import { ErrorNote, JobProgress } from '../../components/index.ts';
import { useShortcut } from '../../components/use-shortcut.ts';

const PdfView = lazy(() => import('../../components/pdf/pdf-view.tsx'));

/** The printed 未認證教師狀況表: made when asked for, seen before it goes to the printer. */
export function Report() {
  const { term } = useViewedTerm();
  const making = useJob('certification.printReport');
  const saveFile = useSaveFile();
  const [refusal, setRefusal] = useState<CallError | null>(null);
  const { result, running } = making;

  const print = async (file: OutgoingFile) => {
    try {
      await window.portfolio.printFile(file);
    } catch (error) {
      setRefusal(CallError.from(error));
    }
  };
  const produce = async (then?: (file: OutgoingFile) => Promise<unknown>) => {
    setRefusal(null);
    const made = await making.start(term);
    if (made) await then?.(made.file);
  };
  useShortcut({ key: 'p', mod: true }, () => void produce(print), !running);

  return (
    <section className="certification-report" aria-label="列印狀況表">
      <div className="certification-head">
        <Button type="primary" disabled={running} onClick={() => void produce(print)}>
          列印
        </Button>
        <Button disabled={running} onClick={() => void produce(saveFile)}>
          存成 PDF
        </Button>
        <Button disabled={running} onClick={() => void produce()}>
          {result ? '更新預覽' : '預覽'}
        </Button>
        {result && !running && (
          <span>
            共 {result.rows} 件，{result.pages} 頁
          </span>
        )}
      </div>
      <ErrorNote error={making.error ?? refusal} onClose={() => (making.error ? making.reset() : setRefusal(null))} />
      {running && <JobProgress job={making.job} onCancel={making.cancel} />}
      {result && result.missingCharacters !== '' && (
        <Alert type="warning" showIcon title={`字型沒有「${result.missingCharacters}」這些字，印成〓，請手寫補上。`} />
      )}
      {result ? (
        <Suspense fallback={<Skeleton active paragraph={{ rows: 12 }} />}>
          <PdfView file={result.file} label="未認證教師狀況表預覽" />
        </Suspense>
      ) : (
        !running &&
        !making.error && <p className="panel-empty">按「預覽」可以先看要列印的狀況表：依教師列出未認證件數與學生，附印列日期與時間。</p>
      )}
    </section>
  );
}
