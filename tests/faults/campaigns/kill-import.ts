import { killing } from '../killing.ts';
import { importTemplate, layImport } from '../transfer-in.ts';

export const killImport = killing({
  name: 'kill-import',
  title: 'killed while a transfer file is imported',
  prepare: importTemplate,
  lay: layImport,
});
