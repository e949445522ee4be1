import { killing } from '../killing.ts';
import { importing } from '../transfer-in.ts';

export const killImport = killing({ name: 'kill-import', title: 'killed while a transfer file is imported', works: [importing] });
