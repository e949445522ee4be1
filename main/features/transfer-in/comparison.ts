import { neverSubmitted, outcomeStateNames } from '../../../domain/portfolio.ts';
import { recordTitle, termOf } from '../../../domain/record-fields.ts';
import { formatRocDateTime } from '../../../domain/roc-date.ts';
import { conflictFields } from '../../../domain/transfer-conflicts.ts';
import type { FileReference } from '../../central/resources.ts';
import type { ConflictLine, ConflictSides } from './contract.ts';
import type { Conflict } from './register.ts';

/** A conflict as the screen shows it: a line of the list, and both sides beside each other. */
export interface ComparedConflict {
  studentId: string;
  line: ConflictLine;
  sides: ConflictSides;
  /** The files themselves, to be opened. */
  files: Record<'here' | 'inFile', Record<'document' | 'media', FileReference | null>>;
}

interface Filed {
  document?: FileReference | null;
  media?: FileReference | null;
}

const bothSlots = ({ document = null, media = null }: Filed) => ({ document, media });

const shown = (file: FileReference | null | undefined) =>
  file ? { name: file.name, bytes: file.bytes, md5: file.md5, mediaType: file.mediaType } : null;

function filesOf({ kind, record, here }: Conflict): ConflictSides['files'] {
  if (kind === 'cadre') return [];
  return (['document', 'media'] as const).flatMap((slot) => {
    const [ours, theirs] = [shown((here as Filed)[slot]), shown((record as Filed)[slot])];
    const label = slot === 'document' ? '文件檔案' : '影音檔案';
    return ours || theirs ? [{ slot, label, here: ours, inFile: theirs, differs: ours?.md5 !== theirs?.md5 }] : [];
  });
}

function standingOf({ standing }: Conflict): ConflictSides['standing'] {
  const { state, tickedAt, submittedTerm } = standing;
  return [
    ...(state ? [{ label: '認證狀態', value: outcomeStateNames[state] }] : []),
    ...(tickedAt ? [{ label: '勾選時間', value: formatRocDateTime(tickedAt) }] : []),
    ...(submittedTerm === neverSubmitted ? [] : [{ label: '提交學年期', value: submittedTerm }]),
  ];
}

export function compared(studentId: string, conflict: Conflict): ComparedConflict {
  const { kind, key, basis, section, barrier, record, here, standing } = conflict;
  const fields = conflictFields(kind, here, record);
  const files = filesOf(conflict);
  const differs = [...fields, ...files].filter((field) => field.differs).map(({ label }) => label);
  const title = recordTitle(kind, here);
  return {
    studentId,
    line: { key, basis, section, title, term: termOf(here), differs, barrier, ticked: standing.tickedAt !== null },
    sides: { key, fields, files, standing: standingOf(conflict) },
    files: { here: bothSlots(here as Filed), inFile: bothSlots(record as Filed) },
  };
}
