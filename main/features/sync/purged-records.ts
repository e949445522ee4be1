import type { PurgedStudents } from '../../application/purged-students.ts';
import type { ResourceName } from '../../central/resources.ts';

interface OfStudents {
  id: string;
  status?: string;
  studentId?: string;
  studentIds?: string[];
}

/** Those who left the school: who stays purged while the city goes on sending him. */
const gone: ReadonlySet<string> = new Set(['transferredOut', 'graduated']);

/**
 * A record as it may be written here: null where it is of a student who was purged, without him where it is of several.
 * @param returned called with a purged student who is in school again; he is taken in as anyone
 */
export function withoutPurged<Record extends { id: string }>(
  resource: ResourceName,
  record: Record,
  purged: PurgedStudents,
  returned: (studentId: string) => void,
): Record | null {
  if (!purged.any) return record;
  const { id, status, studentId, studentIds } = record as Record & OfStudents;
  if (resource === 'students') {
    if (!purged.has(id)) return record;
    if (gone.has(status ?? '')) return null;
    returned(id);
    return record;
  }
  if (studentId !== undefined) return purged.has(studentId) ? null : record;
  if (studentIds === undefined) return record;
  const staying = studentIds.filter((each) => !purged.has(each));
  if (staying.length === studentIds.length) return record;
  return staying.length === 0 ? null : { ...record, studentIds: staying };
}
