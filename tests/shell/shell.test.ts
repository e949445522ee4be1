import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { channels } from '../../main/shell/channels.ts';
import { runShell } from '../../main/shell/run-shell.ts';
import { memoryOfWindow, StandInWindow, standInBackend, standInElectron, topFrame } from './stand-in-electron.ts';

const folder = mkdtempSync(join(tmpdir(), 'portfolio-shell-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function opened(options: Parameters<typeof standInElectron>[0] = {}, account: string | null = '999999adm') {
  const stand = standInElectron({ downloads: folder, ...options });
  const office = standInBackend(account);
  const memory = memoryOfWindow();
  const dataDirectory = mkdtempSync(join(folder, 'data-'));
  const window = (await runShell(stand.electron, {
    dataDirectory,
    windowMemory: memory,
    start: () => office.backend,
  })) as unknown as StandInWindow;
  const ask = (channel: string, ...values: unknown[]) => stand.invoke(channel, window.webContents, topFrame, ...values);
  return { ...stand, office, memory, window, dataDirectory, ask };
}

describe('given the desktop program, when it starts', () => {
  it('then the sandbox and the scheme are set before Electron is ready, and the window is locked in', async () => {
    const { order, window, schemes } = await opened();
    expect(order.slice(0, 3)).toEqual(['sandbox', 'scheme', 'ready']);
    expect(schemes).toMatchObject([{ scheme: 'app', privileges: { standard: true, secure: true } }]);
    expect(window.options.webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      devTools: false,
    });
    expect(window.options.webPreferences?.preload).toMatch(/out\/preload\/electron\.cjs$/);
    expect(window.loaded).toEqual(['app://portfolio/']);
  });

  it('then a second instance ends and opens nothing', async () => {
    const stand = standInElectron({ firstInstance: false });
    const start = () => {
      throw new Error('must not start');
    };
    expect(await runShell(stand.electron, { dataDirectory: folder, windowMemory: memoryOfWindow(), start })).toBeNull();
    expect(stand.order).toEqual(['quit']);
  });

  it('and when it is started again, then its window comes to the front', async () => {
    const { app, window } = await opened();
    app.emit('second-instance');
    expect(window.focused).toBe(1);
  });

  it('and when the data cannot be opened, then the clerk is told which folder and may choose another', async () => {
    const stand = standInElectron();
    stand.dialogs.responses.push(0);
    stand.dialogs.open.push(['/other']);
    const office = standInBackend();
    office.backend.whenStarted = Promise.resolve({ code: 'dataDirectory.unusable', message: '無法使用資料夾「/data」。', details: {} });
    const dataDirectory = mkdtempSync(join(folder, 'data-'));
    await runShell(stand.electron, { dataDirectory, windowMemory: memoryOfWindow(), start: () => office.backend });
    await expect.poll(() => stand.order).toContain('quit');
    expect(stand.dialogs.messages).toMatchObject([{ message: '無法使用資料夾「/data」。', buttons: ['選擇其他資料夾', '結束'] }]);
    expect(stand.order.find((step) => step.startsWith('relaunch'))).toMatch(/--data \/other$/);
  });
});

describe('given the window, when a page tries to get out', () => {
  const navigations: [string, string, boolean][] = [
    ['will-navigate', 'https://example.invalid/', true],
    ['will-navigate', 'https://example.invalid/?next=app://portfolio/', true],
    ['will-navigate', 'app://portfolio.example.invalid/', true],
    ['will-navigate', 'app://someone@portfolio/', true],
    ['will-navigate', 'file:///etc/passwd', true],
    ['will-navigate', 'javascript:alert(1)', true],
    ['will-navigate', 'app://portfolio/', false],
    ['will-redirect', 'app://portfolio/', true],
  ];
  it.each(navigations)('%s to %s is stopped: %s', async (name, url, stopped) => {
    const { window } = await opened();
    let prevented = false;
    window.webContents.emit(name, { url, preventDefault: () => (prevented = true) });
    expect(prevented).toBe(stopped);
  });

  it.each([
    ['https://example.invalid/', false, true],
    ['app://portfolio/index.html', false, true],
    ['app://portfolio/', true, false],
    ['chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai/index.html', false, false],
  ])('a frame going to %s (main frame: %s) is stopped: %s', async (url, isMainFrame, stopped) => {
    const { window } = await opened();
    let prevented = false;
    window.webContents.emit('will-frame-navigate', { url, isMainFrame, preventDefault: () => (prevented = true) });
    expect(prevented).toBe(stopped);
  });

  it('then it opens no window and no webview', async () => {
    const { window } = await opened();
    expect(window.webContents.openHandler?.({ url: 'app://portfolio/' })).toEqual({ action: 'deny' });
    let prevented = false;
    window.webContents.emit('will-attach-webview', { preventDefault: () => (prevented = true) });
    expect(prevented).toBe(true);
  });

  it('then every permission is refused but writing to the clipboard from our own page', async () => {
    const { permissions } = await opened();
    const asked = (permission: string, details: object) => {
      let answer: boolean | null = null;
      permissions.request!(null as never, permission as never, (granted) => (answer = granted), details as never);
      return answer;
    };
    const ours = { isMainFrame: true, requestingUrl: 'app://portfolio/' };
    for (const permission of ['media', 'geolocation', 'notifications', 'clipboard-read', 'fullscreen', 'openExternal', 'fileSystem']) {
      expect(asked(permission, ours)).toBe(false);
      expect(permissions.check!(null, permission as never, 'app://portfolio', ours as never)).toBe(false);
    }
    expect(asked('clipboard-sanitized-write', ours)).toBe(true);
    expect(asked('clipboard-sanitized-write', { isMainFrame: false, requestingUrl: 'app://portfolio/' })).toBe(false);
    expect(asked('clipboard-sanitized-write', { isMainFrame: true, requestingUrl: 'https://example.invalid/' })).toBe(false);
    expect(permissions.device!({} as never)).toBe(false);
    expect(permissions.network).toEqual({ urls: ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*'], cancel: true });
  });
});

describe('given the scheme of the window', () => {
  it.each([
    'app://portfolio/../../package.json',
    'app://portfolio/%2e%2e/%2e%2e/package.json',
    'app://portfolio/..%2f..%2fpackage.json',
    'app://portfolio/..%5c..%5cpackage.json',
    'app://portfolio/%00',
    'app://portfolio/%zz',
  ])('%s reads nothing outside the built window', async (url) => {
    const { fetch } = await opened();
    expect((await fetch(url)).status).toBe(404);
  });

  it('and another host, or another method than GET, is refused', async () => {
    const { fetch } = await opened();
    expect((await fetch('app://elsewhere/index.html')).status).toBe(403);
    expect((await fetch('app://portfolio/index.html', 'POST')).status).toBe(403);
  });
});

describe('given the bridge, when something asks over a channel', () => {
  it('then the page of the window is answered', async () => {
    const { ask, office } = await opened();
    expect(await ask(channels.call, 'session.status', {})).toEqual({ ok: true, data: { name: 'session.status' } });
    expect(office.calls).toMatchObject([{ name: 'session.status', input: {} }]);
  });

  it.each([
    ['a frame that is gone', null],
    ['a frame inside the page', { parent: {}, url: 'app://portfolio/' }],
    ['another site', { parent: null, url: 'https://example.invalid/app://portfolio/' }],
    ['a blank page', { parent: null, url: '' }],
    ['another host of the scheme', { parent: null, url: 'app://elsewhere/' }],
  ])('then %s is refused', async (_who, frame) => {
    const { invoke, window, office } = await opened();
    for (const channel of Object.values(channels).filter((name) => name !== channels.event)) {
      expect(await invoke(channel, window.webContents, frame, 'session.status')).toMatchObject({
        ok: false,
        error: { code: 'call.untrusted' },
      });
    }
    expect(office.calls).toEqual([]);
  });

  it('then another window of the program is refused', async () => {
    const { invoke } = await opened();
    expect(await invoke(channels.call, {}, topFrame, 'session.status')).toMatchObject({ ok: false, error: { code: 'call.untrusted' } });
  });

  it('then wrong types and oversized names are refused with a code, not thrown', async () => {
    const { ask, office } = await opened();
    for (const name of [7, null, {}, 'x'.repeat(201)]) expect(await ask(channels.call, name, {})).toMatchObject({ ok: false });
    expect(await ask(channels.saveFile, { token: '../../etc/passwd' })).toMatchObject({ ok: false });
    expect(await ask(channels.chooseFile, ['../evil'])).toMatchObject({ ok: false });
    expect(office.calls).toEqual([]);
  });

  it('then events of a job go to the window of its account only', async () => {
    const { office, window } = await opened();
    const changed = { event: 'changed', topics: ['students'] } as const;
    office.publish(changed, null);
    office.publish({ event: 'signedOut', reason: 'of someone else' }, 'someone');
    office.publish({ event: 'signedOut', reason: 'ours' }, '999999adm');
    expect(window.webContents.sent.map(({ value }) => value)).toEqual([changed, { event: 'signedOut', reason: 'ours' }]);
  });
});

describe('given a file', () => {
  let outgoing: { token: string; name: string; bytes: number; mediaType: string };
  let source: string;
  beforeEach(() => {
    source = join(mkdtempSync(join(folder, 'out-')), 'made.pdf');
    writeFileSync(source, '%PDF-1.7 slips');
    outgoing = { token: 'out-1', name: '確認單.pdf', bytes: 14, mediaType: 'application/pdf' };
  });

  it('when the clerk saves it, then it stands whole at the chosen place and the window learns only the folder’s name', async () => {
    const { ask, office, dialogs } = await opened();
    office.held.set('out-1', { path: source, name: outgoing.name, mediaType: outgoing.mediaType, bytes: outgoing.bytes });
    const target = join(mkdtempSync(join(folder, '下載-')), '確認單.pdf');
    dialogs.save.push(target);
    const outcome = await ask(channels.saveFile, outgoing);
    expect(outcome).toMatchObject({ ok: true, data: { saved: true, where: expect.stringMatching(/^下載-/) } });
    expect(readFileSync(target, 'utf8')).toBe('%PDF-1.7 slips');
    dialogs.save.push(null);
    expect(await ask(channels.saveFile, outgoing)).toEqual({ ok: true, data: { saved: false, where: null } });
  });

  it('when it cannot be written there, then the clerk is told and nothing half-written stays', async () => {
    const { ask, office, dialogs } = await opened();
    office.held.set('out-1', { path: source, name: outgoing.name, mediaType: outgoing.mediaType, bytes: outgoing.bytes });
    dialogs.save.push('/proc/確認單.pdf');
    expect(await ask(channels.saveFile, outgoing)).toMatchObject({ ok: false });
  });

  it('when the clerk chooses one, then the window gets a token and never the path', async () => {
    const { ask, office, dialogs } = await opened();
    dialogs.open.push([source]);
    expect(await ask(channels.chooseFile, ['.zip'])).toEqual({ ok: true, data: { token: 'in-1', name: 'made.pdf', bytes: 1 } });
    expect(office.state.received).toEqual([{ path: source, name: 'made.pdf', removeAfter: false }]);
    expect(await ask(channels.letGo, { token: 'in-1', name: 'made.pdf', bytes: 1 })).toMatchObject({ ok: true });
    expect(office.state.released).toEqual(['in-1']);
    expect(await ask(channels.chooseFile, ['.zip'])).toEqual({ ok: true, data: null });
    expect(await ask(channels.receiveDropped, join(folder, 'absent.zip'))).toMatchObject({ ok: false, error: { code: 'file.notFound' } });
  });

  it('when it is printed, then a window that is not seen shows it and goes away, whatever the printer says', async () => {
    const stand = await opened();
    stand.office.held.set('out-1', { path: source, name: outgoing.name, mediaType: outgoing.mediaType, bytes: outgoing.bytes });
    expect(await stand.ask(channels.printFile, outgoing)).toEqual({ ok: true, data: undefined });
    const paper = StandInWindow.opened.at(-1)!;
    expect(paper.options).toMatchObject({ show: false, webPreferences: { sandbox: true, contextIsolation: true } });
    expect(paper.loaded).toEqual(['app://portfolio/print/out-1']);
    expect(paper.webContents.printed).toEqual([{ silent: false, printBackground: true }]);
    expect(paper.destroyed).toBe(true);
    const shown = await stand.fetch('app://portfolio/print/out-1');
    expect(shown.headers.get('content-type')).toBe('application/pdf');
    expect(await shown.text()).toBe('%PDF-1.7 slips');
  });
});

describe('given someone signed in', () => {
  it.each(['lock-screen', 'suspend'])('when the computer says %s, then the program locks', async (event) => {
    const { powerMonitor, office, window } = await opened();
    powerMonitor.emit(event);
    await expect
      .poll(() => window.webContents.sent)
      .toContainEqual({ channel: channels.event, value: { event: 'changed', topics: ['session'] } });
    expect(office.calls).toMatchObject([{ name: 'session.lock' }]);
  });

  it('and nobody signed in, then there is nothing to lock', async () => {
    const { powerMonitor, office } = await opened({}, null);
    powerMonitor.emit('lock-screen');
    expect(office.calls).toEqual([]);
  });

  it('when the window is closed while a job runs, then the clerk may wait for it', async () => {
    const { window, office, dialogs } = await opened();
    office.state.running = 1;
    dialogs.responses.push(0);
    window.close();
    expect(window.destroyed).toBe(false);
    await expect.poll(() => dialogs.messages).toMatchObject([{ message: '還有 1 項作業正在執行。' }]);
    expect(window.destroyed).toBe(false);
    office.state.running = 0;
    await Promise.resolve();
    office.publish({ event: 'changed', topics: ['jobs'] }, null);
    expect(window.destroyed).toBe(true);
  });

  it('when he would rather stay, then the window stays', async () => {
    const { window, office, dialogs } = await opened();
    office.state.running = 2;
    dialogs.responses.push(2);
    window.close();
    await expect.poll(() => dialogs.messages.length).toBe(1);
    office.state.running = 0;
    office.publish({ event: 'changed', topics: ['jobs'] }, null);
    expect(window.destroyed).toBe(false);
  });

  it('when the program ends, then the databases are closed first and the window’s place is remembered', async () => {
    const { app, window, office, memory, order } = await opened();
    window.close();
    let prevented = 0;
    app.emit('will-quit', { preventDefault: () => (prevented += 1) });
    expect(prevented).toBe(1);
    await expect.poll(() => order.at(-1)).toBe('quit');
    expect(office.state.closed).toBe(true);
    app.emit('will-quit', { preventDefault: () => (prevented += 1) });
    expect(prevented).toBe(1);
    expect(memory.kept).toEqual({ bounds: { x: 10, y: 20, width: 1400, height: 900 }, maximized: false });
  });

  it('when the page’s process dies, then it is loaded again, once', async () => {
    const { window } = await opened();
    window.webContents.emit('render-process-gone', {}, { reason: 'crashed' });
    window.webContents.emit('render-process-gone', {}, { reason: 'crashed' });
    expect(window.webContents.reloads).toBe(1);
  });
});
