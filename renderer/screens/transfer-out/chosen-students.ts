/**
 * 學生清單: the students that will leave, as the clerk gathers them from several searches. Adding and removing can be
 * undone step by step, so that a slip of the mouse over a list of forty costs nothing.
 */
export interface ChosenStudent {
  id: string;
  studentNumber: string;
  name: string;
  className: string;
}

export interface ChosenStudents {
  students: readonly ChosenStudent[];
  /** Earlier lists, the newest last. */
  earlier: readonly (readonly ChosenStudent[])[];
  /** How many the last 加入清單 left out because the list was full. */
  leftOut: number;
}

export type ChosenStudentsChange =
  | { kind: 'add'; students: readonly ChosenStudent[] }
  | { kind: 'remove'; ids: readonly string[] }
  | { kind: 'clear' }
  | { kind: 'undo' };

/** The most that one run makes (the contract's own limit of `transferOut.produce`). */
export const mostStudents = 500;
const mostUndone = 50;

export const noneChosen: ChosenStudents = { students: [], earlier: [], leftOut: 0 };

/** The list after a change. A student is in it once; what is already there or not there changes nothing. */
export function changeChosen(chosen: ChosenStudents, change: ChosenStudentsChange): ChosenStudents {
  switch (change.kind) {
    case 'add': {
      const known = new Set(chosen.students.map(({ id }) => id));
      const fresh = change.students.filter(({ id }) => !known.has(id) && known.add(id));
      const room = mostStudents - chosen.students.length;
      return replaced(chosen, [...chosen.students, ...fresh.slice(0, room)], Math.max(0, fresh.length - room));
    }
    case 'remove': {
      const gone = new Set(change.ids);
      return replaced(
        chosen,
        chosen.students.filter(({ id }) => !gone.has(id)),
      );
    }
    case 'clear':
      return replaced(chosen, []);
    case 'undo': {
      const before = chosen.earlier.at(-1);
      return before ? { students: before, earlier: chosen.earlier.slice(0, -1), leftOut: 0 } : chosen;
    }
  }
}

function replaced(chosen: ChosenStudents, students: readonly ChosenStudent[], leftOut = 0): ChosenStudents {
  if (students.length === chosen.students.length) return { ...chosen, leftOut };
  return { students, earlier: [...chosen.earlier, chosen.students].slice(-mostUndone), leftOut };
}
