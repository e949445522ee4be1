import { taipeiDay } from '../../../domain/roc-date.ts';
import { compareTerms, formatTerm, type Term, termOfDate } from '../../../domain/term.ts';
import { currentTerm } from '../../application/current-term.ts';
import type { FeatureServices } from '../../application/foundation.ts';
import type { TermScope } from '../../application/grid-contract.ts';
import { gridHandlers } from '../../application/grid-handlers.ts';
import type { Handlers } from '../../application/router.ts';
import { ApplicationError } from '../../platform/errors.ts';
import type { OfficeRecords } from '../sync/service.ts';
import { termGrid, type terms } from './contract.ts';
import { offeredTerms, termSource } from './queries.ts';

/** 設定學校學年期 (S0213S). */
export function termsHandlers({ foundation, connection: { sqlite }, clock, sync, changed }: FeatureServices): Handlers<typeof terms> {
  const current = (): Term => currentTerm(sqlite, clock.now());
  const idOfCurrent = () => sqlite.prepare<[], string>('select id from terms where current = 1 and deleted_at is null').pluck().get();
  const read = (records: OfficeRecords, term: TermScope) => {
    const record = records.read('school-terms', formatTerm(term));
    if (!record) throw new ApplicationError('terms.unknown', '沒有這個學年期的班級資料，請先同步學校班級資料。');
    const { version: _version, deleted: _deleted, ...draft } = record;
    return draft;
  };
  /** Two records change hands: the city is told of the one that is current no more, too. */
  const takeFromCurrent = (records: OfficeRecords, but: string) => {
    const id = idOfCurrent();
    if (id === undefined || id === but) return;
    const { version: _version, deleted: _deleted, ...draft } = records.read('school-terms', id)!;
    records.save('school-terms', { ...draft, current: false });
  };
  // Every screen shows the current term's figures.
  const tell = () => changed('session', 'terms', 'students');

  return {
    ...gridHandlers(foundation, termGrid, () => termSource(current())),
    offered: () => ({ terms: offeredTerms(sqlite, current()) }),
    state: () => ({
      current: current(),
      today: termOfDate(taipeiDay(clock.now())),
      byDate: idOfCurrent() === undefined,
    }),
    setCurrent: async (term, { accountName }) => {
      await sync.changeShared(accountName, (records) => {
        const draft = read(records, term);
        takeFromCurrent(records, draft.id);
        records.save('school-terms', { ...draft, current: true, offered: true });
      });
      tell();
      return { done: true };
    },
    useDate: async (_input, { accountName }) => {
      await sync.changeShared(accountName, (records) => takeFromCurrent(records, ''));
      tell();
      return { done: true };
    },
    offer: async ({ offered, ...term }, { accountName }) => {
      if (!offered && compareTerms(term as Term, current()) === 0) {
        throw new ApplicationError('terms.currentOffered', '目前學年期一定要提供選用。請先把另一個學年期設為目前學年期。');
      }
      await sync.changeShared(accountName, (records) => records.save('school-terms', { ...read(records, term), offered }));
      tell();
      return { done: true };
    },
  };
}
