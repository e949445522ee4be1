/**
 * `npm run bench [-- --scale 0.1] [-- name …]`: runs every tests/bench/<name>.bench.ts, prints one table and writes
 * bench.json beside it. It reports; it never fails a build on a noisy machine.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { BenchRow, Measure } from './row.ts';

const { values, positionals } = parseArgs({
  options: { scale: { type: 'string', default: '1' }, json: { type: 'string', default: 'bench.json' } },
  allowPositionals: true,
});
const scale = Number(values.scale);
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.replace('.bench.ts', ''))
  .filter((name) => positionals.length === 0 || positionals.includes(name));

const round = (value: number | null) => (value === null ? '–' : value >= 100 ? value.toFixed(0) : value.toPrecision(3));
const rows: BenchRow[] = [];
for (const name of names) {
  process.stderr.write(`… ${name}\n`);
  const { measure } = (await import(join(import.meta.dirname, `${name}.bench.ts`))) as { measure: Measure };
  rows.push(...(await measure(scale)));
}

console.log(
  `scale ${scale}\n| work | figure | against | its figure | ratio | goal | note |\n| --- | ---: | --- | ---: | ---: | --- | --- |`,
);
for (const row of rows) {
  console.log(
    `| ${row.work} | ${round(row.figure)} ${row.unit} | ${row.baseline ?? '–'} | ${round(row.baselineFigure)} | ${round(row.ratio)} | ${row.goal} | ${row.note ?? ''} |`,
  );
}
writeFileSync(values.json, `${JSON.stringify({ scale, measuredAt: new Date().toISOString(), node: process.version, rows }, null, 2)}\n`);
