import { existsSync, statfsSync } from 'node:fs';
import { type Connection, openDatabase } from '../../db/connection.ts';
import { pendingMigrations, shippedMigrations } from '../../db/migrate.ts';
import type { SqliteConnection } from '../../db/sqlite.ts';
import { formatRocDateTime } from '../../domain/roc-date.ts';
import { type CityAddress, createCityClient } from '../central/client.ts';
import { startCityThread } from '../central/embedded/worker.ts';
import { createTransport, officePatience, type Patience } from '../central/transport.ts';
import { readStanding, secondPlaceProblem } from '../features/backup/standing.ts';
import { type AttachmentStore, openAttachmentStore } from '../platform/attachment-store.ts';
import { type Clock, systemClock } from '../platform/clock.ts';
import { type DataDirectory, openDataDirectory } from '../platform/data-directory.ts';
import { ApplicationError, reportOf } from '../platform/errors.ts';
import { deriveKey, type SecretStore } from '../platform/secret-store.ts';
import { auditAnchor } from './audit-anchor.ts';
import { brokenLog } from './audit-chain.ts';
import { verifyAuditLog } from './audit-log.ts';
import { schoolSettings } from './school-settings.ts';

export interface Finding {
  name: 'database' | 'attachments' | 'secrets' | 'clock' | 'disk' | 'connection' | 'backup';
  ok: boolean;
  /** What was found and, where it is wrong, what to do; in Chinese. */
  message: string;
}

export interface Diagnosis {
  ok: boolean;
  checks: Finding[];
}

export interface DoctorOptions {
  dataDirectory: string;
  secretStore: SecretStore;
  clock?: Clock;
}

type Verdict = Omit<Finding, 'name'>;

const good = (message: string): Verdict => ({ ok: true, message });
const bad = (message: string): Verdict => ({ ok: false, message });

const sampledFiles = 200;
const leastFreeBytes = 1024 ** 3;
const clockTolerance = 2 * 60_000;
const backupAge = 24 * 60 * 60_000;
/** Someone waits for the answer on the telephone. */
const patience: Patience = { ...officePatience, connect: 5_000, silence: 10_000, attempts: 1 };

/** A check that fails says so; it never ends the others. */
async function verdictOf(check: () => Verdict | Promise<Verdict>): Promise<Verdict> {
  try {
    return await check();
  } catch (error) {
    const { code, message } = reportOf(error);
    return bad(`${message}（${code}）`);
  }
}

/** The audit log's chain, read as `audit verify` reads it. */
function checkAuditLog(connection: SqliteConnection, directory: DataDirectory, masterKey: Uint8Array): Verdict {
  const verification = verifyAuditLog(connection.sqlite, {
    anchor: auditAnchor(directory, masterKey).read(),
    anchored: schoolSettings(connection).get('audit.anchored') ?? false,
  });
  return verification.ok ? good(`稽核紀錄 ${verification.entries.toLocaleString('en')} 筆前後相接`) : bad(brokenLog(verification));
}

function checkDatabase({ sqlite }: SqliteConnection, checkLog: () => Verdict): Verdict {
  const damage = sqlite.pragma('quick_check', { simple: true });
  if (damage !== 'ok') return bad('資料庫檔案毀損，請停止使用並還原最近一次驗證過的備份。');
  const broken = sqlite.pragma('foreign_key_check') as unknown[];
  if (broken.length > 0) return bad(`資料庫有 ${broken.length} 筆關聯不完整的資料，請聯絡維護人員。`);
  const shipped = shippedMigrations();
  const pending = pendingMigrations(sqlite, shipped);
  if (pending.length > 0) return good(`資料庫完整，有 ${pending.length} 個版本更新，開啟程式時會自動完成。`);
  const log = checkLog();
  return log.ok ? good(`資料庫完整，版本 ${shipped.at(-1)!.id}，${log.message}。`) : log;
}

function checkAttachments({ sqlite }: Connection, store: AttachmentStore): Verdict {
  const known = sqlite.prepare('select sha256, at_city as atCity from attachments where purged_at is null').all() as {
    sha256: string;
    atCity: number;
  }[];
  // What the city has can be fetched again; what only an import brought lies nowhere else.
  const lost = known.filter(({ sha256, atCity }) => atCity === 0 && !store.has(sha256)).length;
  if (lost > 0) return bad(`有 ${lost} 個尚未送到市級系統的檔案不在本機，請還原備份或重新匯入轉學檔案。`);
  const kept = store.sqlite.prepare('select sha256 from present_files order by random() limit ?').pluck().all(sampledFiles) as string[];
  const damaged = kept.filter((sha256) => {
    try {
      store.read(sha256);
      return false;
    } catch (error) {
      if (error instanceof ApplicationError) return true;
      throw error;
    }
  }).length;
  if (damaged > 0) return bad(`抽查 ${kept.length} 個檔案，其中 ${damaged} 個毀損，請執行同步重新下載。`);
  const total = store.sqlite.prepare('select count(*) from present_files').pluck().get() as number;
  return good(`本機保存 ${total.toLocaleString('en')} 個檔案，抽查 ${kept.length} 個皆完好。`);
}

function checkDisk(directory: DataDirectory): Verdict {
  const { bavail, bsize } = statfsSync(directory.root);
  const free = bavail * bsize;
  const gigabytes = (free / 1024 ** 3).toFixed(1);
  return free >= leastFreeBytes ? good(`磁碟剩餘 ${gigabytes} GB。`) : bad(`磁碟只剩 ${gigabytes} GB，請清出至少 1 GB 的空間。`);
}

function checkBackup(office: Connection, now: Date): Verdict {
  const { sqlite } = office;
  const settings = schoolSettings(office);
  // Of an older version of the program, which made none.
  const upToDate = sqlite.prepare("select 1 from pragma_table_info('backups') where name = 'problem'").get() !== undefined;
  const lastAt = upToDate ? readStanding(sqlite).lastAt : null;
  if (lastAt === null) {
    const message = '還沒有任何備份';
    return settings.get('school.trial')
      ? good(`${message}；試用學校的資料可以重新建立，正式使用前請先備份。`)
      : bad(`${message}，請到「備份與還原」建立一份。`);
  }
  const at = formatRocDateTime(lastAt);
  if (now.getTime() - Date.parse(lastAt) > backupAge) return bad(`最近一次驗證過的備份在 ${at}，已超過 24 小時，請再備份一次。`);
  const second = secondPlaceProblem(sqlite, settings);
  return good(`最近一次驗證過的備份在 ${at}。${second === null ? '' : `第二份沒有複製成功：${second}`}`);
}

/** The time of the city by its `Date` header; null where it sends none. @throws `sync.offline`, `sync.untrusted` … */
async function cityTime({ url, schoolCode }: CityAddress, now: () => Date): Promise<Date | null> {
  const transport = createTransport(url, patience, now);
  try {
    const { headers } = await transport.repeat(() =>
      transport.exchange({ method: 'GET', path: `/v1/schools/${schoolCode}`, expected: [200, 401, 403, 404] }),
    );
    return headers.date === undefined ? null : new Date(headers.date);
  } finally {
    transport.close();
  }
}

function compareClocks(city: Date | null, here: Date): Verdict {
  if (city === null) return good('市級系統沒有提供時間，未能核對。');
  const apart = Math.abs(city.getTime() - here.getTime());
  const seconds = Math.round(apart / 1000);
  if (apart <= clockTolerance) return good(`電腦時間與市級系統相差 ${seconds} 秒。`);
  return bad(`電腦時間與市級系統相差 ${seconds} 秒，請校正電腦的日期時間，否則同步與作業期限會出錯。`);
}

async function checkCity(address: CityAddress | null, clock: Clock): Promise<{ connection: Verdict; clock: Verdict }> {
  if (address === null) {
    return { connection: bad('還沒有連接市級系統，請先連接。'), clock: good('還沒有連接市級系統，未能核對電腦時間。') };
  }
  let compared: Verdict = good('無法連線，未能核對電腦時間。');
  const connection = await verdictOf(async () => {
    compared = compareClocks(await cityTime(address, clock.now), clock.now());
    const client = createCityClient(address, { clock, patience });
    try {
      await client.school();
    } finally {
      client.close();
    }
    return good('可以連線到市級系統，裝置金鑰有效。');
  });
  return { connection, clock: compared };
}

/** The city of this directory, and what ends it again when it is the trial school's own. */
async function findCity(
  directory: DataDirectory,
  office: Connection,
  masterKey: Uint8Array,
): Promise<{ address: CityAddress | null; close: () => Promise<void> }> {
  const settings = schoolSettings(office);
  const schoolCode = settings.get('school.code');
  const nothingToClose = async () => {};
  if (schoolCode === undefined) return { address: null, close: nothingToClose };
  if (settings.get('school.trial')) {
    const city = await startCityThread({ storePath: directory.trialCity, key: deriveKey(masterKey, 'trialCity') });
    return { address: { ...city.address, schoolCode }, close: city.close };
  }
  const url = settings.get('city.url');
  const deviceId = settings.get('city.deviceId');
  const deviceKey = settings.get('city.deviceKey');
  if (url === undefined || deviceId === undefined || deviceKey === undefined) return { address: null, close: nothingToClose };
  return { address: { url, schoolCode, deviceId, deviceKey }, close: nothingToClose };
}

/** Looks a data directory over without changing it: for support, before anything is repaired. Never throws. */
export async function diagnose({ dataDirectory, secretStore, clock = systemClock }: DoctorOptions): Promise<Diagnosis> {
  const found = new Map<Finding['name'], Verdict>();
  const noSchool = bad('這個資料夾還沒有學校資料。');
  const handles: { close: () => void }[] = [];
  let office: Connection | undefined;
  let directory: DataDirectory | undefined;
  let masterKey: Uint8Array | null = null;

  found.set(
    'secrets',
    await verdictOf(async () => {
      masterKey = existsSync(dataDirectory) ? await secretStore.load() : null;
      if (masterKey?.length === 32) return good(`${secretStore.description}。`);
      masterKey = null;
      return existsSync(`${dataDirectory}/portfolio.db`) ? bad('找不到資料庫的金鑰，請以備份的復原金鑰還原。') : noSchool;
    }),
  );
  const key = masterKey as Uint8Array | null;
  found.set(
    'disk',
    await verdictOf(() => {
      if (!existsSync(dataDirectory)) return noSchool;
      directory = openDataDirectory(dataDirectory);
      return checkDisk(directory);
    }),
  );
  found.set(
    'database',
    await verdictOf(() => {
      if (!directory || !key || !existsSync(directory.database)) return noSchool;
      const opened = openDatabase(directory.database, { key: deriveKey(key, 'database'), readonly: true });
      handles.push(opened);
      const place = directory;
      const verdict = checkDatabase(opened, () => checkAuditLog(opened, place, key));
      office = opened;
      return verdict;
    }),
  );
  if (directory && key && office) {
    const place = directory;
    const opened = office;
    const readAttachments = () => {
      const store = openAttachmentStore(place.attachments, { key: deriveKey(key, 'attachments'), readonly: true });
      handles.push(store);
      return checkAttachments(opened, store);
    };
    found.set('attachments', await verdictOf(readAttachments));
    found.set('backup', await verdictOf(() => checkBackup(opened, clock.now())));
    found.set(
      'connection',
      await verdictOf(async () => {
        const city = await findCity(place, opened, key);
        try {
          const { connection, clock: compared } = await checkCity(city.address, clock);
          found.set('clock', compared);
          return connection;
        } finally {
          await city.close();
        }
      }),
    );
  }
  for (const handle of handles.reverse()) handle.close();

  const order = ['database', 'attachments', 'secrets', 'clock', 'disk', 'connection', 'backup'] as const;
  const checks = order.map((name): Finding => ({ name, ...(found.get(name) ?? bad('資料庫無法讀取，未能檢查。')) }));
  return { ok: checks.every((check) => check.ok), checks };
}
