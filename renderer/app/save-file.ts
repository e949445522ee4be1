import { App } from 'antd';
import { useCallback } from 'react';
import type { OutgoingFile } from '../../main/application/contract.ts';
import { CallError } from './call-error.ts';

/** Gives a file the program made to the clerk (save dialog or download) and says where it went. */
export function useSaveFile(): (file: OutgoingFile) => Promise<boolean> {
  const { message } = App.useApp();
  return useCallback(
    async (file) => {
      try {
        const { saved, where } = await window.portfolio.saveFile(file);
        if (saved) message.success(where ? `已存到「${where}」：${file.name}` : `已下載：${file.name}`);
        return saved;
      } catch (error) {
        message.error(CallError.from(error).message);
        return false;
      }
    },
    [message],
  );
}
