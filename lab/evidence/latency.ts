import type { Latency } from '../../reports/record/schema.ts';

/** Upper ends of the bars in each decade: Renard's series R10, so each is about 1.26 × the last. */
const STEPS = [1, 1.25, 1.6, 2, 2.5, 3.15, 4, 5, 6.3, 8];
/** A minute; longer latencies fall into the last bar. */
const LONGEST_MICROS = 60_000_000;
/** From 1 µs to {@link LONGEST_MICROS}. */
const BAR_ENDS = Array.from({ length: 8 }, (_, decade) => STEPS.map((step) => step * 10 ** decade))
  .flat()
  .filter((end) => end < LONGEST_MICROS)
  .concat(LONGEST_MICROS);

/**
 * Latencies in microseconds as the record wants them: percentiles by the nearest rank, each of them
 * a latency that was measured, and bars from the first to the last that is not empty.
 */
export function latencyOf(micros: readonly number[]): Latency {
  const count = micros.length;
  const sorted = Float64Array.from(micros).sort();
  const percentile = (p: number) => sorted[Math.ceil((p * count) / 100) - 1] ?? null;
  const counts = BAR_ENDS.map(() => 0);
  let bar = 0;
  for (const one of sorted) {
    while (one > BAR_ENDS[bar]! && bar < BAR_ENDS.length - 1) bar++;
    counts[bar]!++;
  }
  const first = counts.findIndex((inBar) => inBar > 0);
  const shown = count === 0 ? [0, 0] : [first, bar + 1];
  return {
    count,
    p50Micros: percentile(50),
    p90Micros: percentile(90),
    p99Micros: percentile(99),
    maxMicros: percentile(100),
    upToMicros: BAR_ENDS.slice(...shown),
    counts: counts.slice(...shown),
  };
}
