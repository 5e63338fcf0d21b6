import type { Estimate } from '../../reports/record/schema.ts';
import { sum } from '../../reports/record/tally.ts';

/** Two-sided 95 % of a normal distribution, in standard deviations. */
export const Z95 = 1.959964;

/** What must be so in every run, without chance. */
export function exactly(value: number, source: string): Estimate {
  return { value, low: value, high: value, interval: { kind: 'exact' }, source, by: 'formula' };
}

/** What the lab's own code makes so: it shows what is meant, and proves nothing. */
export function byConstruction(value: number, source: string): Estimate {
  return { ...exactly(value, source), by: 'construction' };
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
  return scaled(misses, (missed) => 1 - missed / lookups, 1 / lookups);
}

/**
 * An estimate of a quantity that is so many times this one, or falls by it. `step`: how large a step
 * of this one is in the other; 0 where that has none.
 */
export function scaled(estimate: Estimate, of: (value: number) => number, step = 0): Estimate {
  const [a, b] = [of(estimate.low), of(estimate.high)];
  const { interval } = estimate;
  return {
    ...estimate,
    value: of(estimate.value),
    low: Math.min(a, b),
    high: Math.max(a, b),
    interval: interval.kind === 'chance' ? { ...interval, step: interval.step * step } : interval,
  };
}

/** A hit rate as the misses per second that it leaves of so many lookups per second. */
export function missesPerSecond(hitRate: Estimate, lookupsPerSecond: number): Estimate {
  return scaled(hitRate, (rate) => lookupsPerSecond * (1 - rate));
}

/** The same scatter around another value, within 0 and `most`. */
export function around(value: number, estimate: Estimate, most: number): Estimate {
  const by = value - estimate.value;
  const low = Math.max(0, Math.min(most, estimate.low + by));
  return { ...estimate, value, low, high: Math.min(most, estimate.high + by) };
}

/**
 * The mean of simulated runs, and how far another run scatters around it: a mean of so many runs is
 * itself known only to 1/√runs of their scatter.
 */
export function scatterOf(runs: ArrayLike<number>): { mean: number; deviation: number } {
  const values = Array.from(runs);
  const mean = sum(values) / values.length;
  const squares = sum(values.map((value) => (value - mean) ** 2));
  const deviation = Math.sqrt((squares / (values.length - 1)) * (1 + 1 / values.length));
  return { mean, deviation };
}

/**
 * The smallest interval of whole numbers that leaves at most 2.5 % on either side: the normal
 * approximation with its continuity correction. Where runs hardly scatter, it covers more than
 * 95 %, because a count cannot be cut finer.
 */
export function wholeNumberInterval(
  mean: number,
  deviation: number,
  most: number,
): { low: number; high: number } {
  return {
    low: Math.max(0, Math.floor(mean - Z95 * deviation + 0.5)),
    high: Math.min(most, Math.ceil(mean + Z95 * deviation - 0.5)),
  };
}

/** How much one quantity is above another, chance of both allowed for. */
export function difference(one: Estimate, other: Estimate, source: string): Estimate {
  const value = one.value - other.value;
  const half = Math.hypot((one.high - one.low) / 2, (other.high - other.low) / 2);
  return {
    value,
    low: value - half,
    high: value + half,
    interval: { kind: 'chance', share: 0.95, how: 'both intervals, added as independent', step: 0 },
    source,
    by: one.by === 'model' ? one.by : other.by,
  };
}

/** The same of two that theory expects to be alike. */
export function noDifference(one: Estimate, other: Estimate, source: string): Estimate {
  return { ...difference({ ...one, value: 0 }, { ...other, value: 0 }, source), by: 'formula' };
}
