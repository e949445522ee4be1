import { Alert, Skeleton } from 'antd';
import { lazy, Suspense, useState } from 'react';
import type { OutgoingFile } from '../../main/application/contract.ts';

const PdfView = lazy(() => import('./pdf/pdf-view.tsx'));

/** A record's file in place, by its kind: the pages of a PDF, a picture, sound or video. */
export function ShownFile({ file }: { file: OutgoingFile }) {
  const [failed, setFailed] = useState(false);
  const address = window.portfolio.addressOf(file);
  if (failed) return <Alert type="error" showIcon title="這個檔案無法在這裡播放或顯示，請按「下載」後以其他程式開啟。" />;
  switch (file.mediaType) {
    case 'application/pdf':
      return (
        <div className="shown-pdf">
          <Suspense fallback={<Skeleton active paragraph={{ rows: 8 }} />}>
            <PdfView file={file} label={file.name} />
          </Suspense>
        </div>
      );
    case 'image/jpeg':
    case 'image/png':
      return <img className="shown-picture" src={address} alt={file.name} onError={() => setFailed(true)} />;
    case 'audio/mpeg':
      return (
        <audio className="shown-sound" src={address} controls aria-label={file.name} onError={() => setFailed(true)}>
          <track kind="captions" label="沒有字幕" />
        </audio>
      );
    case 'video/mp4':
      return (
        <video className="shown-picture" src={address} controls aria-label={file.name} onError={() => setFailed(true)}>
          <track kind="captions" label="沒有字幕" />
        </video>
      );
    default:
      return <Alert type="info" showIcon title="這種檔案不能在這裡顯示，請按「下載」後以其他程式開啟。" />;
  }
}
