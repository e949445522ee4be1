import { killing } from '../killing.ts';
import { migrating } from '../migration-work.ts';

export const killMigration = killing({
  name: 'kill-migration',
  title: 'killed while an earlier version’s data is brought up to date',
  works: [migrating],
});
