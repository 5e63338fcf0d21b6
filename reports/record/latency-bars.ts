import type { Latency } from './schema.ts';
import { sum } from './tally.ts';

/** How many responses took at most so long, and longer than those of the bar before. */
export type LatencyBar = readonly [upToMicros: number, count: number];

/** The histograms of several workers as one, ascending; histograms add up, percentiles do not. */
export function latencyBars(latencies: readonly Latency[]): LatencyBar[] {
  const bars = new Map<number, number>();
  for (const { upToMicros, counts } of latencies) {
    upToMicros.forEach((upTo, index) => {
      bars.set(upTo, (bars.get(upTo) ?? 0) + (counts[index] ?? 0));
    });
  }
  return [...bars].sort(([a], [b]) => a - b);
}

/**
 * A quantile of several histograms together, since quantiles cannot be averaged: the upper end of
 * the bar in which it lies.
 */
export function quantileOf(latencies: readonly Latency[], share: number): number | null {
  const bars = latencyBars(latencies);
  const all = sum(bars.map(([, count]) => count));
  if (all === 0) return null;
  let seen = 0;
  for (const [upTo, count] of bars) {
    seen += count;
    if (seen >= share * all) return upTo;
  }
  return bars.at(-1)![0];
}
