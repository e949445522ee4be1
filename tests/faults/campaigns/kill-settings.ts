import { killing } from '../killing.ts';
import { changing } from '../office-work.ts';

export const killSettings = killing({
  name: 'kill-settings',
  title: 'killed while the office changes settings, roles and accounts',
  works: [changing],
});
