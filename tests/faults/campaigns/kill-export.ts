import { killing } from '../killing.ts';
import { exportTemplate, layExport } from '../transfer-out.ts';

export const killExport = killing({
  name: 'kill-export',
  title: 'killed while transfer files are made',
  prepare: exportTemplate,
  lay: layExport,
});
