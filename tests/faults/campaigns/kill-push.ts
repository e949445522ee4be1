import { pushing } from '../city-work.ts';
import { killing } from '../killing.ts';

export const killPush = killing({ name: 'kill-push', title: 'killed while changes and files go to the city', works: [pushing] });
