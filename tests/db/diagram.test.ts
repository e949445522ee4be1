import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { databasePage } from '../../db/diagram.ts';
import { resourcePath } from '../../main/platform/resources.ts';

it('docs/database.md shows the schema as it is (npm run diagram writes it)', () => {
  expect(readFileSync(resourcePath('docs/database.md'), 'utf8')).toBe(databasePage());
});
