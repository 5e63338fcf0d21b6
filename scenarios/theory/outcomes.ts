import { OUTCOMES } from '../../reports/record/vocabulary.ts';

/** Indices into {@link OUTCOMES}: ledgers and models hold these numbers. */
export const HIT = OUTCOMES.indexOf('hit');
export const COLD = OUTCOMES.indexOf('cold');
export const EXPIRED = OUTCOMES.indexOf('expired');
export const EVICTED = OUTCOMES.indexOf('evicted');
/** The backend failed: neither hit nor miss. */
export const ERROR = OUTCOMES.indexOf('error');

/** A miss of any reason. */
export function isMiss(outcome: number): boolean {
  return outcome === COLD || outcome === EXPIRED || outcome === EVICTED;
}
