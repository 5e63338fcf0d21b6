import type { Phase } from '../../reports/record/schema.ts';
import { missesOf } from '../../reports/record/tally.ts';
import type { Held } from './contract.ts';

/** The misses of a phase, held against what theory expects of it. */
export function missesOfPhase({ totals, expected }: Phase, what: string): Held {
  return { what, unit: 'misses', expected: expected?.misses ?? null, measured: missesOf(totals) };
}

/** The hit rate of a phase, held against what theory expects of it. */
export function hitRateOfPhase({ totals, expected }: Phase, what: string): Held {
  return { what, unit: 'share', expected: expected?.hitRate ?? null, measured: totals.hitRate };
}
