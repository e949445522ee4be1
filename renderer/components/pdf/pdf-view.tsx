import { MinusOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Skeleton } from 'antd';
import { GlobalWorkerOptions, getDocument, type PDFDocumentProxy } from 'pdfjs-dist';
import { useEffect, useRef, useState } from 'react';
import type { OutgoingFile } from '../../../main/application/contract.ts';
import { CallError } from '../../app/backend.ts';
import { ErrorNote } from '../error-note.tsx';
import { a4, PdfPage } from './pdf-page.tsx';

GlobalWorkerOptions.workerPort = new Worker(new URL('./pdf-worker.ts', import.meta.url), { type: 'module' });

export interface PdfViewProps {
  file: OutgoingFile;
  /** What the document is, for a screen reader: 確認單預覽 */
  label: string;
}

const zooms = [0.5, 0.75, 1, 1.25, 1.5, 2] as const;
type Zoom = (typeof zooms)[number];

/** The largest zoom up to 100 % at which a whole A4 page is seen across: what a clerk wants before reading closer. */
function zoomToFit(view: HTMLElement | null): Zoom {
  const available = view ? view.clientWidth - 24 : a4.width;
  return zooms.findLast((zoom) => zoom <= 1 && zoom * a4.width <= available) ?? zooms[0];
}

/** A PDF the program made, page by page: only pages near the view are drawn. */
export default function PdfView(props: PdfViewProps) {
  const [attempt, setAttempt] = useState(1);
  return <OpenedPdf key={`${props.file.token}:${attempt}`} {...props} onRetry={() => setAttempt(attempt + 1)} />;
}

function OpenedPdf({ file, label, onRetry }: PdfViewProps & { onRetry: () => void }) {
  const [document, setDocument] = useState<PDFDocumentProxy | null>(null);
  const [error, setError] = useState<CallError | null>(null);
  const [chosen, setChosen] = useState<Zoom | null>(null);
  const [fitting, setFitting] = useState<Zoom>(1);
  const zoom = chosen ?? fitting;
  const [page, setPage] = useState(1);
  const pages = useRef<HTMLElement>(null);
  useEffect(() => {
    let wanted = true;
    let opened: PDFDocumentProxy | null = null;
    const open = async () => {
      const data = await window.portfolio.readFile(file);
      opened = await getDocument({ data }).promise;
      if (wanted) setDocument(opened);
      else await opened.loadingTask.destroy();
    };
    open().catch((failure: unknown) => {
      if (!wanted) return;
      setError(
        failure instanceof CallError
          ? failure
          : new CallError({ code: 'file.unreadable', message: '無法顯示這個 PDF，請再試一次，或存檔後用其他程式開啟。' }),
      );
    });
    return () => {
      wanted = false;
      void opened?.loadingTask.destroy();
    };
  }, [file]);

  // Until the clerk chooses a zoom, the page keeps to the width there is, also when the window changes its size.
  useEffect(() => {
    const view = pages.current;
    if (!view) return undefined;
    const observer = new ResizeObserver(() => setFitting(zoomToFit(view)));
    observer.observe(view);
    return () => observer.disconnect();
  }, []);

  const onScroll = () => {
    const view = pages.current;
    if (!view) return;
    const middle = view.scrollTop + view.clientHeight / 2;
    const sheets = [...view.querySelectorAll<HTMLElement>('.pdf-page')];
    const index = sheets.findLastIndex((sheet) => sheet.offsetTop <= middle);
    setPage(Math.max(1, index + 1));
  };
  const stepZoom = (by: number) => setChosen(zooms[Math.min(zooms.length - 1, Math.max(0, zooms.indexOf(zoom) + by))] ?? zoom);

  const numbers = Array.from({ length: document?.numPages ?? 0 }, (_, index) => index + 1);

  if (error) return <ErrorNote error={error} onRetry={onRetry} />;
  return (
    <section ref={pages} className="pdf-view" aria-label={label} onScroll={onScroll}>
      <div className="pdf-toolbar">
        <span className="figure" aria-live="polite">
          第 {page} 頁，共 {document?.numPages ?? '…'} 頁
        </span>
        <Button size="small" aria-label="縮小" icon={<MinusOutlined />} disabled={zoom === zooms[0]} onClick={() => stepZoom(-1)} />
        <span className="figure">{Math.round(zoom * 100)}%</span>
        <Button size="small" aria-label="放大" icon={<PlusOutlined />} disabled={zoom === zooms.at(-1)} onClick={() => stepZoom(1)} />
      </div>
      {document ? (
        numbers.map((number) => <PdfPage key={number} document={document} number={number} zoom={zoom} label={label} />)
      ) : (
        <Skeleton active paragraph={{ rows: 12 }} />
      )}
    </section>
  );
}
