import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chunkBytes, openAttachmentStore } from '../../main/platform/attachment-store.ts';
import { openDataDirectory } from '../../main/platform/data-directory.ts';
import { ApplicationError, reportOf } from '../../main/platform/errors.ts';
import { createFileExchange } from '../../main/platform/file-exchange.ts';
import { createLogger } from '../../main/platform/logger.ts';
import { decryptText, deriveKey, encryptText, keyFileStore, loadMasterKey } from '../../main/platform/secret-store.ts';
import { WriteGate } from '../../main/platform/write-gate.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kernel-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the write gate', () => {
  it('lets one in at a time, in order, and the next in after a failure', async () => {
    const gate = new WriteGate();
    const order: string[] = [];
    const first = await gate.acquire();
    const second = gate.run(() => order.push('second'));
    const third = gate.run(() => {
      order.push('third');
      throw new Error('fails');
    });
    const fourth = gate.run(() => order.push('fourth'));
    order.push('first');
    first.release();
    first.release();
    await Promise.allSettled([second, third, fourth]);
    expect(order).toEqual(['first', 'second', 'third', 'fourth']);
    await expect(third).rejects.toThrow('fails');
  });
});

describe('the attachment store', () => {
  const key = new Uint8Array(32).fill(3);

  it('keeps the same bytes once and gives them back, whole and from any byte on', () => {
    const store = openAttachmentStore(join(folder, 'attachments.db'), { key });
    const content = Buffer.alloc(chunkBytes * 2 + 12_345);
    for (let index = 0; index < content.length; index += 1) content[index] = (index * 31) % 251;
    const file = store.put(content);
    expect(store.put(content)).toEqual(file);
    expect(store.sqlite.prepare('select count(*) from chunks').pluck().get()).toBe(3);
    expect(store.read(file.sha256).equals(content)).toBe(true);
    for (const start of [1, chunkBytes - 1, chunkBytes, chunkBytes * 2 + 7]) {
      expect(Buffer.concat([...store.chunks(file.sha256, start)]).equals(content.subarray(start))).toBe(true);
    }
    const empty = store.put(new Uint8Array(0));
    expect(store.read(empty.sha256)).toHaveLength(0);
    store.close();
  });

  it('says which file is missing or damaged', () => {
    const store = openAttachmentStore(join(folder, 'attachments.db'), { key });
    const { sha256 } = store.put(Buffer.from('portfolio'));
    store.sqlite.prepare("update chunks set content = x'00'").run();
    expect(() => store.read(sha256)).toThrowError(expect.objectContaining({ code: 'attachment.damaged' }));
    store.remove(sha256);
    expect(() => store.read(sha256)).toThrowError(expect.objectContaining({ code: 'attachment.missing' }));
    store.close();
  });
});

describe('secrets', () => {
  it('the key file is for its owner only, made once, and a database without its key is left alone', async () => {
    const store = keyFileStore(folder);
    const made = await loadMasterKey(store, folder);
    expect(made).toHaveLength(32);
    expect(await loadMasterKey(store, folder)).toEqual(made);
    if (process.platform !== 'win32') expect(statSync(join(folder, 'secret.key')).mode & 0o777).toBe(0o600);
    rmSync(join(folder, 'secret.key'));
    writeFileSync(join(folder, 'portfolio.db'), 'a database');
    await expect(loadMasterKey(store, folder)).rejects.toMatchObject({ code: 'secrets.lost' });
    expect(readFileSync(join(folder, 'portfolio.db'), 'utf8')).toBe('a database');
  });

  it('no key serves two purposes, and a changed text is refused', () => {
    const master = new Uint8Array(32).fill(5);
    const key = deriveKey(master, 'filePasswords');
    expect(Buffer.from(key).equals(Buffer.from(deriveKey(master, 'database')))).toBe(false);
    const encrypted = encryptText('密碼 K7m', key);
    expect(decryptText(encrypted, key)).toBe('密碼 K7m');
    expect(encryptText('密碼 K7m', key)).not.toBe(encrypted);
    const bytes = Buffer.from(encrypted, 'base64');
    bytes[bytes.length - 1]! ^= 1;
    expect(() => decryptText(bytes.toString('base64'), key)).toThrow();
    expect(() => decryptText(encrypted, deriveKey(master, 'database'))).toThrow();
  });
});

describe('the data directory', () => {
  it('sweeps what a killed process left in work, and nothing of one that lives', () => {
    const directory = openDataDirectory(folder);
    const mine = directory.makeWorkFolder('export');
    const dead = join(folder, 'work', '999999999-export-x');
    writeFileSync(join(mine, 'a.pdf'), 'x');
    rmSync(dead, { recursive: true, force: true });
    writeFileSync(dead, 'left behind');
    openDataDirectory(folder);
    expect(readdirSync(join(folder, 'work')).map((name) => join(folder, 'work', name))).toEqual([mine]);
  });

  it('names the path when it cannot be used', () => {
    const file = join(folder, 'a file');
    writeFileSync(file, '');
    expect(() => openDataDirectory(file)).toThrowError(
      expect.objectContaining({ code: 'dataDirectory.unusable', message: expect.stringContaining(file) }),
    );
  });
});

describe('files in and out', () => {
  it('go by token, never by path, and our own copies are removed', async () => {
    const files = createFileExchange();
    const path = join(folder, 'upload.zip');
    writeFileSync(path, 'zip');
    const incoming = files.receive(path, '080000.zip', true);
    expect(incoming).toEqual({ token: expect.any(String), name: '080000.zip', bytes: 3 });
    expect(files.incomingPath(incoming.token).path).toBe(path);
    expect(() => files.outgoing(incoming.token)).toThrowError(expect.objectContaining({ code: 'file.unknown' }));
    await files.releaseAll();
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('the log', () => {
  it('holds no identity, name or password, whoever logs it', () => {
    const log = createLogger(folder);
    log.info('sample', {
      studentName: '王大明',
      password: 'hunter2',
      note: 'student A123456789 failed',
      nested: { identity: 'A123456789' },
      code: 'x.y',
    });
    const written = readFileSync(join(folder, 'office.log'), 'utf8');
    expect(written).toContain('x.y');
    for (const secret of ['王大明', 'hunter2', 'A123456789']) expect(written).not.toContain(secret);
  });
});

describe('errors', () => {
  it('have a code and a sentence that says what to do, whatever was thrown', () => {
    expect(reportOf(new ApplicationError('a.b', '請再試。', { n: 1 }))).toEqual({ code: 'a.b', message: '請再試。', details: { n: 1 } });
    expect(reportOf(Object.assign(new Error('x'), { code: 'ENOSPC' })).code).toBe('disk.full');
    expect(reportOf(Object.assign(new Error('x'), { code: 'SQLITE_CORRUPT' })).code).toBe('database.damaged');
    expect(reportOf(new TypeError('secret 王大明'))).toEqual({
      code: 'internal',
      message: expect.not.stringContaining('王大明'),
      details: { name: 'TypeError' },
    });
    expect(reportOf('thrown text').code).toBe('internal');
  });
});
