import QRCode from 'qrcode';

/** Modules of a paper's code along one edge: version 2, which holds 38 letters and digits at level M. */
export const qrModules = 25;

/** A run of dark modules in a row. */
export interface QrCells {
  column: number;
  row: number;
  length: number;
}

/**
 * A text as the dark runs of a QR code. Version and mask are fixed: any mask is valid, and trying all eight for the
 * prettiest is most of a code's cost.
 * @param text at most 38 characters of the alphanumeric set (A–Z 0–9 space $%*+-./:)
 */
export function qrCells(text: string): QrCells[] {
  const { modules } = QRCode.create([{ data: text, mode: 'alphanumeric' }], { version: 2, errorCorrectionLevel: 'M', maskPattern: 2 });
  const cells: QrCells[] = [];
  for (let row = 0; row < modules.size; row += 1) {
    let start = -1;
    for (let column = 0; column <= modules.size; column += 1) {
      const dark = column < modules.size && modules.get(row, column) === 1;
      if (dark && start < 0) start = column;
      if (!dark && start >= 0) {
        cells.push({ column: start, row, length: column - start });
        start = -1;
      }
    }
  }
  return cells;
}
