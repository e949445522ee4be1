/** Every channel between the window's preload and the shell; one function of the bridge each. */
export const channels = {
  call: 'portfolio:call',
  chooseFile: 'portfolio:chooseFile',
  receiveDropped: 'portfolio:receiveDropped',
  letGo: 'portfolio:letGo',
  saveFile: 'portfolio:saveFile',
  readFile: 'portfolio:readFile',
  printFile: 'portfolio:printFile',
  /** From the shell to the window. */
  event: 'portfolio:event',
} as const;
