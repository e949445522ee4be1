import { synchronising } from '../city-work.ts';
import { killing } from '../killing.ts';

export const killSync = killing({ name: 'kill-sync', title: 'killed while records come from the city', works: [synchronising] });
