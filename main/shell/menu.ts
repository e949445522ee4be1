import type { MenuItemConstructorOptions } from 'electron';
import type { ElectronApi } from './electron-api.ts';

/** The menu bar, in Chinese; the window's own keys (F1, F5, Ctrl+E, Ctrl+L …) stay the window's. */
export function menuTemplate(options: { packaged: boolean; mac: boolean }): MenuItemConstructorOptions[] {
  const developer: MenuItemConstructorOptions[] = options.packaged
    ? []
    : [{ type: 'separator' }, { role: 'toggleDevTools', label: '開發人員工具' }];
  return [
    { label: '檔案', submenu: [options.mac ? { role: 'close', label: '關閉視窗' } : { role: 'quit', label: '結束' }] },
    {
      label: '編輯',
      submenu: [
        { role: 'undo', label: '復原' },
        { role: 'redo', label: '取消復原' },
        { type: 'separator' },
        { role: 'cut', label: '剪下' },
        { role: 'copy', label: '複製' },
        { role: 'paste', label: '貼上' },
        { role: 'selectAll', label: '全選' },
      ],
    },
    {
      label: '檢視',
      submenu: [
        { role: 'resetZoom', label: '實際大小' },
        { role: 'zoomIn', label: '放大' },
        { role: 'zoomOut', label: '縮小' },
        { type: 'separator' },
        { role: 'togglefullscreen', label: '全螢幕' },
        ...developer,
      ],
    },
    { label: '視窗', submenu: [{ role: 'minimize', label: '縮到最小' }] },
  ];
}

export function setMenu({ app, Menu }: Pick<ElectronApi, 'app' | 'Menu'>): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate({ packaged: app.isPackaged, mac: process.platform === 'darwin' })));
}
