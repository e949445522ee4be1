import { currentTerm } from '../../application/current-term.ts';
import type { FeatureServices } from '../../application/foundation.ts';
import type { Handlers } from '../../application/router.ts';
import type { terms } from './contract.ts';
import { offeredTerms } from './queries.ts';

/** 設定學校學年期 (S0213S). */
export function termsHandlers({ connection: { sqlite }, clock }: FeatureServices): Handlers<typeof terms> {
  return {
    offered: () => ({ terms: offeredTerms(sqlite, currentTerm(sqlite, clock.now())) }),
  };
}
