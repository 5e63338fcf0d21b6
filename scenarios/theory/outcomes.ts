import { OPERATIONS } from '../../lab/traffic/ledger.ts';
import { OUTCOMES } from '../../reports/record/schema.ts';

/** Indices into {@link OUTCOMES}: ledgers and models hold these numbers. */
export const HIT = OUTCOMES.indexOf('hit');
export const COLD = OUTCOMES.indexOf('cold');
export const EXPIRED = OUTCOMES.indexOf('expired');
export const EVICTED = OUTCOMES.indexOf('evicted');
/** The backend failed: neither hit nor miss. */
export const ERROR = OUTCOMES.indexOf('error');

/** The index of a read in the ledger's column of operations. */
export const READ = OPERATIONS.indexOf('read');

const CLEAR = OPERATIONS.indexOf('clear');

/** Whether a row is a client's request; a clear came from the lab, over a control socket. */
export function isRequest(operation: number): boolean {
  return operation !== CLEAR;
}

/** A miss of any reason. */
export function isMiss(outcome: number): boolean {
  return outcome === COLD || outcome === EXPIRED || outcome === EVICTED;
}
