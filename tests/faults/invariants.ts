import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sqlite } from '../../db/sqlite.ts';
import { auditAnchor } from '../../main/application/audit-anchor.ts';
import { auditLog, verifyAuditLog } from '../../main/application/audit-log.ts';
import { openDataDirectory } from '../../main/platform/data-directory.ts';
import { testMasterKey } from '../support/directories.ts';
import type { Trial } from '../support/trial.ts';

/** What must hold in a data directory whenever the program has started on it, whatever happened before. Each answers what is wrong. */

function brokenDatabase(name: string, sqlite: Sqlite): string[] {
  const integrity = sqlite.pragma('integrity_check', { simple: true });
  const orphans = sqlite.pragma('foreign_key_check') as { table: string }[];
  return [
    ...(integrity === 'ok' ? [] : [`${name}: integrity_check says ${String(integrity)}`]),
    ...orphans.map(({ table }) => `${name}: a row of ${table} refers to nothing`),
  ];
}

/** Every file of the store is whole. */
function brokenAttachments({ application }: Trial): string[] {
  const files = application.foundation.attachments.sqlite
    .prepare<[], { sha256: string; bytes: number; kept: number }>(
      'select sha256, bytes, coalesce((select sum(length(content)) from chunks c where c.sha256 = f.sha256), 0) as kept from files f',
    )
    .all();
  return files
    .filter(({ bytes, kept }) => kept !== bytes)
    .map(({ sha256, bytes, kept }) => `attachment ${sha256}: ${kept} of ${bytes} bytes`);
}

/** Every file of the store is one that a record knows, and none is still arriving. */
function unknownAttachments({ application }: Trial): string[] {
  const { attachments, connection } = application.foundation;
  const known = connection.sqlite.prepare<[string], number>('select 1 from attachments where sha256 = ?').pluck();
  const files = attachments.sqlite.prepare<[], string>('select sha256 from files').pluck().all();
  const unknown = files.filter((sha256) => known.get(sha256) === undefined).length;
  const unsettled = attachments.arrivals.open().length;
  return [
    ...(unknown === 0 ? [] : [`${unknown} attachments are in the store that no record knows`]),
    ...(unsettled === 0 ? [] : [`${unsettled} arrivals are not settled`]),
  ];
}

/** `transfers/` holds exactly what 資料產生紀錄 describes, byte for byte. */
function transferFaults({ application, directory }: Trial): string[] {
  const folder = join(directory, 'transfers');
  const rows = application.foundation.connection.sqlite
    .prepare<[], { fileName: string; md5: string; bytes: number }>('select file_name as fileName, md5, bytes from transfer_out_files')
    .all();
  const described = new Set(rows.map(({ fileName }) => fileName));
  const faults = readdirSync(folder)
    .filter((name) => !described.has(name))
    .map((name) => `transfers/${name}: no row describes it`);
  for (const { fileName, md5, bytes } of rows) {
    const path = join(folder, fileName);
    if (!existsSync(path)) {
      faults.push(`transfers/${fileName}: its row has no file`);
      continue;
    }
    const content = readFileSync(path);
    if (content.byteLength !== bytes || createHash('md5').update(content).digest('hex') !== md5)
      faults.push(`transfers/${fileName}: not the bytes of its row`);
  }
  return faults;
}

/** The chain is whole, it ends where its anchor says or behind it, and no call is left that neither ended nor was told of. */
function auditFaults({ application, directory }: Trial): string[] {
  const { connection, settings } = application.foundation;
  const { faults } = verifyAuditLog(connection.sqlite, {
    anchor: auditAnchor(openDataDirectory(directory), testMasterKey).read(),
    anchored: settings.get('audit.anchored') ?? false,
  });
  const open = auditLog(connection.sqlite).openCalls();
  return [
    ...faults.map(({ sequence, message }) => `audit entry ${sequence}: ${message}`),
    ...open.map(({ operation }) => `${operation} is still said to be under way`),
  ];
}

/** A change of the office stands in its table and in the outbox, once, or in neither. */
function outboxFaults({ application }: Trial): string[] {
  const { sqlite } = application.foundation.connection;
  const faults: string[] = [];
  for (const [resource, table] of [
    ['outcomes', 'learning_outcomes'],
    ['performances', 'diverse_performances'],
    ['cadres', 'cadres'],
  ]) {
    const imported = sqlite
      .prepare<[string], { id: string; told: number }>(
        `select r.id, (select count(*) from outbox o where o.resource = ? and o.record_id = r.id and o.operation = 'create') as told
         from ${table} r where r.id like 'import-%'`,
      )
      .all(resource!);
    faults.push(...imported.filter(({ told }) => told !== 1).map(({ id, told }) => `${table} ${id}: ${told} entries in the outbox`));
  }
  const unknown = sqlite
    .prepare(`select count(*) from file_outbox f where not exists (select 1 from attachments a where a.sha256 = f.sha256)`)
    .pluck()
    .get();
  if (unknown !== 0) faults.push(`${unknown} files to be sent that no record knows`);
  return faults;
}

/** What is left in the work folder. The audit log's anchor is a moment on its way there, and replaces itself. */
export function workLeft(directory: string, processId: number): string[] {
  return readdirSync(join(directory, 'work'))
    .filter((name) => name !== `${processId}-audit.head`)
    .map((name) => `work/${name} is left`);
}

/** Nothing of a piece of work is left, and no job claims to run whose program is gone. */
function remainders({ application, directory }: Trial): string[] {
  const running = application.foundation.connection.sqlite.prepare("select id, operation from jobs where state = 'running'").all() as {
    id: string;
    operation: string;
  }[];
  return [...workLeft(directory, process.pid), ...running.map(({ id, operation }) => `job ${id} (${operation}) is still said to run`)];
}

/** Everything that must hold once the program has started, and nothing runs. */
export function violations(school: Trial): string[] {
  const { connection, attachments } = school.application.foundation;
  return [
    ...brokenDatabase('portfolio.db', connection.sqlite),
    ...brokenDatabase('attachments.db', attachments.sqlite),
    ...remainders(school),
    ...brokenAttachments(school),
    ...unknownAttachments(school),
    ...transferFaults(school),
    ...outboxFaults(school),
    ...auditFaults(school),
  ];
}
