import { killing } from '../killing.ts';
import { takingBack } from '../transfer-in.ts';

export const killUndo = killing({ name: 'kill-undo', title: 'killed while an import is taken back', works: [takingBack] });
