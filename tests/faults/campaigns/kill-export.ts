import { killing } from '../killing.ts';
import { exporting } from '../transfer-out.ts';

export const killExport = killing({ name: 'kill-export', title: 'killed while transfer files are made', works: [exporting] });
