import type { Phase } from '../../reports/record/schema.ts';
import { missesOf } from '../../reports/record/tally.ts';
import { difference } from '../theory/estimate.ts';
import type { Held } from './contract.ts';

/** The misses of a phase, held against what theory expects of it. */
export function missesOfPhase({ totals, expected }: Phase, what: string): Held {
  return { what, unit: 'misses', expected: expected?.misses ?? null, measured: missesOf(totals) };
}

/** The hit rate of a phase, held against what theory expects of it. */
export function hitRateOfPhase({ totals, expected }: Phase, what: string): Held {
  return { what, unit: 'share', expected: expected?.hitRate ?? null, measured: totals.hitRate };
}

/** How far the hit rate of one phase lies above that of another, held against what is expected of both. */
export function hitRateAbove(one: Phase, other: Phase, what: string): Held {
  const [from, to] = [one, other].map((phase) => hitRateOfPhase(phase, what)) as [Held, Held];
  const source = 'what is expected of the one, less what is expected of the other';
  return {
    ...{ what, unit: 'share' },
    expected: from.expected && to.expected && difference(from.expected, to.expected, source),
    measured: from.measured === null || to.measured === null ? null : from.measured - to.measured,
  };
}
