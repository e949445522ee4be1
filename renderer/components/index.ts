/** What screens are built of. PdfView is loaded on its own: `lazy(() => import('.../components/pdf/pdf-view.tsx'))`. */
export { ConfirmButton } from './confirm-button.tsx';
export { CopyText } from './copy-text.tsx';
export { CountLink } from './count-link.tsx';
export { ErrorNote } from './error-note.tsx';
export { FileDrop } from './file-drop.tsx';
export { formatAge, formatBytes, formatCount, formatDuration, formatMoment } from './format.ts';
export { DataGrid, type DataGridProps, type GridPlace } from './grid/data-grid.tsx';
export { exactly, gridAddress } from './grid/grid-address.ts';
export { useStudentNames, useStudentRows } from './grid/student-rows.tsx';
export { type OpenedRow, useSteps } from './grid/use-steps.ts';
export { JobProgress } from './job-progress.tsx';
export { PageFrame } from './page-frame.tsx';
export { RocDateInput } from './roc-date-input.tsx';
export { ScanField } from './scan-field.tsx';
export { SharedChanges } from './shared-changes.tsx';
export { ShownFile } from './shown-file.tsx';
export { TickedCount } from './ticked-count.tsx';
export { type TransferColumn, TransferList, type TransferRow } from './transfer-list/transfer-list.tsx';
