import { formatTerm } from '../../../domain/term.ts';
import { currentTerm } from '../../application/current-term.ts';
import type { Foundation } from '../../application/foundation.ts';
import { gridHandlers } from '../../application/grid-handlers.ts';
import type { Handlers } from '../../application/router.ts';
import { studentGrid, type students } from './contract.ts';
import { findStudents, studentSource } from './queries.ts';

/** Finding students. */
export function studentsHandlers(foundation: Foundation): Handlers<typeof students> {
  const { connection, clock } = foundation;
  return {
    ...gridHandlers(foundation, studentGrid, studentSource, () => formatTerm(currentTerm(connection.sqlite, clock.now()))),
    find: ({ text }) => ({ rows: findStudents(connection.sqlite, text) }),
  };
}
