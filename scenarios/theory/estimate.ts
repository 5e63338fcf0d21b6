import type { Estimate } from '../../reports/record/schema.ts';

/** Two-sided 95 % of a normal distribution, in standard deviations. */
export const Z95 = 1.959964;

/** What must be so in every run, without chance. */
export function exactly(value: number, source: string): Estimate {
  return { value, low: value, high: value, interval: { kind: 'exact' }, source, by: 'formula' };
}

/** A value from which a run may be off for a reason that has no probability. */
export function within(
  value: number,
  ends: { readonly low: number; readonly high: number; readonly reason: string },
  source: string,
): Estimate {
  const { low, high, reason } = ends;
  return { value, low, high, interval: { kind: 'tolerance', reason }, source, by: 'formula' };
}

/** The same estimate of misses as a share of lookups that hit. */
export function asHitRate(misses: Estimate, lookups: number): Estimate {
  const { value, low, high, interval } = misses;
  const rate = (missed: number) => 1 - missed / lookups;
  return {
    ...misses,
    value: rate(value),
    low: rate(high),
    high: rate(low),
    interval:
      interval.kind === 'chance' ? { ...interval, step: interval.step / lookups } : interval,
  };
}

/** An estimate of a quantity that is so many times this one, or falls by it. */
export function scaled(estimate: Estimate, of: (value: number) => number): Estimate {
  const [a, b] = [of(estimate.low), of(estimate.high)];
  const { interval } = estimate;
  return {
    ...estimate,
    value: of(estimate.value),
    low: Math.min(a, b),
    high: Math.max(a, b),
    interval: interval.kind === 'chance' ? { ...interval, step: 0 } : interval,
  };
}

/** Two quantities that theory expects to be alike: their difference, chance of both allowed for. */
export function noDifference(one: Estimate, other: Estimate, source: string): Estimate {
  const half = Math.hypot((one.high - one.low) / 2, (other.high - other.low) / 2);
  return {
    value: 0,
    low: -half,
    high: half,
    interval: { kind: 'chance', share: 0.95, how: 'both intervals, added as independent', step: 0 },
    source,
    by: 'formula',
  };
}
