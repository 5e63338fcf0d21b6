import { agreesWith } from '../../reports/record/estimate.ts';
import type { Finding, Phase } from '../../reports/record/schema.ts';
import { missesOf } from '../../reports/record/tally.ts';

/** A measured value held against its expectation; `null`: nothing is expected, and nothing agrees. */
export function finding(seen: Omit<Finding, 'agrees'>): Finding {
  return { ...seen, agrees: agreesWith(seen.expected, seen.measured) };
}

/** The misses of a phase, held against what theory expects of it unless something else is given. */
export function missesFinding(
  phase: Phase,
  {
    claim,
    what,
    expected = phase.expected?.misses ?? null,
  }: Pick<Finding, 'claim' | 'what'> & Partial<Pick<Finding, 'expected'>>,
): Finding {
  return finding({ claim, what, unit: 'misses', expected, measured: missesOf(phase.totals) });
}

/** The hit rate of a phase, held against what theory expects of it. */
export function hitRateFinding(phase: Phase, about: Pick<Finding, 'claim' | 'what'>): Finding {
  const expected = phase.expected?.hitRate ?? null;
  return finding({ ...about, unit: 'share', expected, measured: phase.totals.hitRate });
}
