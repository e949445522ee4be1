/** Writes assets/central-api.openapi.yaml from openapi.ts. Run it after a schema of the API changed. */
import { writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { resourcePath } from '../platform/resources.ts';
import { centralApiDocument } from './openapi.ts';

const heading = '# Written by `node main/central/draft-openapi.ts` from the schemas the program checks by; tests hold the two together.\n';
writeFileSync(
  resourcePath('assets/central-api.openapi.yaml'),
  heading + stringify(centralApiDocument(), { aliasDuplicateObjects: false, lineWidth: 140 }),
);
