import type { Session, WebContents, WebFrameMain } from 'electron';
import { isOwnAddress } from './address.ts';
import type { ElectronApi } from './electron-api.ts';

/** Chromium's built-in PDF viewer, in which the print window shows a document. */
const pdfViewer = 'chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai/';

/** Windows go nowhere but to our own pages, open nothing and embed nothing. Holds for every window ever made. */
export function lockNavigation({ app }: Pick<ElectronApi, 'app'>): void {
  app.on('web-contents-created', (_event, contents: WebContents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.on('will-navigate', (event) => {
      if (!isOwnAddress(event.url)) event.preventDefault();
    });
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-frame-navigate', (event) => {
      const allowed = event.isMainFrame ? isOwnAddress(event.url) : event.url.startsWith(pdfViewer);
      if (!allowed) event.preventDefault();
    });
  });
}

/** Everything is refused (Electron grants everything unless told) but writing text to the clipboard, from our own page. */
export function lockPermissions(session: Session): void {
  const allowed = (permission: string, address: string | undefined) =>
    permission === 'clipboard-sanitized-write' && address !== undefined && isOwnAddress(address);
  session.setPermissionRequestHandler((_contents, permission, answer, details) =>
    answer(allowed(permission, details.isMainFrame ? details.requestingUrl : undefined)),
  );
  session.setPermissionCheckHandler((_contents, permission, _origin, details) =>
    allowed(permission, details.isMainFrame ? details.requestingUrl : undefined),
  );
  session.setDevicePermissionHandler(() => false);
  // The window talks to nobody: the city is asked by the backend.
  session.webRequest.onBeforeRequest({ urls: ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*'] }, (_details, answer) =>
    answer({ cancel: true }),
  );
}

/** Who may speak over a channel: the top frame of our own window, showing our own page. A frame that is gone may not. */
export function isTrustedSender(sender: WebContents, frame: WebFrameMain | null, window: WebContents): boolean {
  return frame !== null && sender === window && frame.parent === null && isOwnAddress(frame.url);
}
