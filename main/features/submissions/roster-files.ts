import type { Sqlite } from '../../../db/connection.ts';
import { type ContentProblem, contentProblemOf } from '../../../domain/file-content.ts';
import type { TaskContext } from '../../application/task-context.ts';
import { ApplicationError } from '../../platform/errors.ts';
import { opensWithoutPassword } from '../../platform/pdf-password.ts';
import type { Roster } from './layouts.ts';
import { type RosterSchool, sheetSource } from './roster-sources.ts';

/** Milliseconds for which a file that was read whole and held against its hash counts as looked at. */
const verificationLife = 24 * 60 * 60 * 1000;

export interface RosterFile {
  sha256: string;
  mediaType: string;
}

/** The files that a roster's rows point at and that were not read whole within the last day, each once. */
export function unverifiedFiles(sqlite: Sqlite, roster: Roster, school: RosterSchool, now: Date): RosterFile[] {
  const since = new Date(now.getTime() - verificationLife).toISOString();
  const files = new Map<string, RosterFile>();
  for (const sheet of roster.sheets) {
    if (sheet.source === 'cadres') continue;
    const { from, where, parameters } = sheetSource(roster, sheet, school);
    // Both files of a record in one look, told apart here: twice `distinct` over the joins is thrice the time.
    const rows = sqlite
      .prepare<[typeof parameters & { since: string }], (string | null)[]>(
        `select d.sha256, d.media_type, coalesce(d.verified_at, '') > @since, m.sha256, m.media_type, coalesce(m.verified_at, '') > @since
         from ${from} where ${where} and (coalesce(d.verified_at, '') <= @since and d.sha256 is not null
           or coalesce(m.verified_at, '') <= @since and m.sha256 is not null)`,
      )
      .raw()
      .iterate({ ...parameters, since });
    for (const row of rows) {
      for (const at of [0, 3]) {
        const [sha256, mediaType, verified] = row.slice(at, at + 3) as [string | null, string, 0 | 1];
        if (sha256 !== null && !verified) files.set(sha256, { sha256, mediaType });
      }
    }
  }
  return [...files.values()];
}

interface Looked {
  sha256: string;
  problem: string | null;
  damaged: boolean;
}

/** A PDF whose password only guards against changes opens for everybody. */
function problemOf(content: Buffer, mediaType: string): ContentProblem | null {
  const problem = contentProblemOf(content, mediaType) ?? null;
  return problem === 'locked' && opensWithoutPassword(content) ? null : problem;
}

/** Files written down in one transaction. */
const batchFiles = 200;

/**
 * Reads of these files those that are here, whole: its hash, its kind by content, its end. What is found is kept
 * with the file, for the check and for the next one.
 */
export async function verifyFiles(context: TaskContext, files: readonly RosterFile[]): Promise<void> {
  const store = context.openAttachments('read');
  const wanted = files.filter(({ sha256 }) => store.has(sha256));
  if (wanted.length === 0) return;
  let looked: Looked[] = [];
  const keep = async () => {
    const batch = looked;
    looked = [];
    await context.withWriteLease(() => {
      const { sqlite } = writer();
      const now = context.clock.now().toISOString();
      const note = sqlite.prepare('update attachments set verified_at = ?, content_problem = ? where sha256 = ?');
      const damaged = sqlite.prepare('update attachments set damaged_at = coalesce(damaged_at, ?) where sha256 = ?');
      sqlite.transaction(() => {
        for (const { sha256, problem, damaged: bad } of batch) {
          if (bad) damaged.run(now, sha256);
          else note.run(now, problem, sha256);
        }
      })();
    });
  };
  let opened: ReturnType<TaskContext['openWriter']> | undefined;
  const writer = () => {
    opened ??= context.openWriter();
    return opened;
  };
  for (const [index, { sha256, mediaType }] of wanted.entries()) {
    context.signal.throwIfAborted();
    try {
      looked.push({ sha256, problem: problemOf(store.read(sha256), mediaType), damaged: false });
    } catch (error) {
      if (!(error instanceof ApplicationError) || error.code !== 'attachment.damaged') throw error;
      looked.push({ sha256, problem: null, damaged: true });
    }
    if (looked.length >= batchFiles) await keep();
    if (index % 50 === 0) {
      context.report({ step: '檢查檔案內容', done: index, total: wanted.length, unit: '件' });
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  await keep();
}
