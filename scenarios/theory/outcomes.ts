import { OUTCOMES } from '../../reports/record/vocabulary.ts';

/** Index into {@link OUTCOMES}, which ledgers and models hold. */
export const HIT = OUTCOMES.indexOf('hit');
/** As {@link HIT}: a miss of a key that this cache never had, or has forgotten. */
export const COLD = OUTCOMES.indexOf('cold');
/** As {@link HIT}: a miss of an entry whose time was over. */
export const EXPIRED = OUTCOMES.indexOf('expired');
/** As {@link HIT}: a miss of an entry that was dropped to make room. */
export const EVICTED = OUTCOMES.indexOf('evicted');
/** The backend failed: neither hit nor miss. */
export const ERROR = OUTCOMES.indexOf('error');

/** A miss of any reason. */
export function isMiss(outcome: number): boolean {
  return outcome === COLD || outcome === EXPIRED || outcome === EVICTED;
}
