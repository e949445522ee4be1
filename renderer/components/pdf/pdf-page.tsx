import type { PDFDocumentProxy, RenderTask } from 'pdfjs-dist';
import { useEffect, useRef, useState } from 'react';

interface PdfPageProps {
  document: PDFDocumentProxy;
  number: number;
  zoom: number;
  label: string;
}

/** A4 at 96 dots an inch, until the page itself has said how large it is. */
export const a4 = { width: 794, height: 1123 };
const pointsToPixels = 96 / 72;

/** One page on a canvas, drawn when it comes near the view, at the screen's own resolution. */
export function PdfPage({ document, number, zoom, label }: PdfPageProps) {
  const sheet = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [near, setNear] = useState(false);
  const [size, setSize] = useState(a4);
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    const element = sheet.current;
    if (!element) return undefined;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && setNear(true), { rootMargin: '600px' });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    if (!near) return undefined;
    let drawing: RenderTask | null = null;
    let wanted = true;
    const draw = async () => {
      const page = await document.getPage(number);
      const target = canvas.current;
      if (!wanted || !target) return;
      const shown = page.getViewport({ scale: pointsToPixels });
      setSize({ width: shown.width, height: shown.height });
      const viewport = page.getViewport({ scale: pointsToPixels * zoom * window.devicePixelRatio });
      target.width = Math.floor(viewport.width);
      target.height = Math.floor(viewport.height);
      drawing = page.render({ canvas: target, viewport });
      await drawing.promise;
    };
    draw().then(
      () => setFailed(false),
      () => wanted && setFailed(true),
    );
    return () => {
      wanted = false;
      drawing?.cancel();
    };
  }, [document, number, zoom, near]);

  return (
    <div ref={sheet} className="pdf-page" style={{ width: size.width * zoom, height: size.height * zoom }}>
      <canvas ref={canvas} role="img" aria-label={`${label}，第 ${number} 頁`} />
      {failed && <p className="field-problem">第 {number} 頁無法顯示，請存檔後用其他程式開啟。</p>}
    </div>
  );
}
