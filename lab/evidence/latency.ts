import { build } from 'hdr-histogram-js';
import type { Latency } from '../../reports/record/schema.ts';

/** Upper ends of the bars in each decade: Renard's series R10, so each is about 1.26 × the last. */
const STEPS = [1, 1.25, 1.6, 2, 2.5, 3.15, 4, 5, 6.3, 8];
/** A minute; longer latencies fall into the last bar and count as this much in percentiles. */
const LONGEST_MICROS = 60_000_000;
/** From 1 µs to {@link LONGEST_MICROS}. */
const BAR_ENDS = Array.from({ length: 8 }, (_, decade) => STEPS.map((step) => step * 10 ** decade))
  .flat()
  .filter((end) => end < LONGEST_MICROS)
  .concat(LONGEST_MICROS);

/** Collects latencies in microseconds and tells them as the record wants them. */
export class LatencyCounter {
  readonly #histogram = build({
    bitBucketSize: 32,
    highestTrackableValue: LONGEST_MICROS,
    numberOfSignificantValueDigits: 3,
  });
  readonly #bars = new Array<number>(BAR_ENDS.length).fill(0);
  #maxMicros = 0;

  add(micros: number): void {
    this.#histogram.recordValue(Math.min(LONGEST_MICROS, Math.max(1, Math.round(micros))));
    this.#bars[barOf(micros)]! += 1;
    this.#maxMicros = Math.max(this.#maxMicros, micros);
  }

  /** Percentiles to three digits from all values; bars from the first to the last that is not empty. */
  latency(): Latency {
    const count = this.#histogram.totalCount;
    const percentile = (p: number) =>
      count === 0 ? null : Math.min(this.#histogram.getValueAtPercentile(p), this.#maxMicros);
    const first = this.#bars.findIndex((bar) => bar > 0);
    const last = this.#bars.findLastIndex((bar) => bar > 0);
    return {
      count,
      p50Micros: percentile(50),
      p90Micros: percentile(90),
      p99Micros: percentile(99),
      maxMicros: count === 0 ? null : this.#maxMicros,
      upToMicros: count === 0 ? [] : BAR_ENDS.slice(first, last + 1),
      counts: count === 0 ? [] : this.#bars.slice(first, last + 1),
    };
  }
}

/** The first bar whose end the value does not exceed. */
function barOf(micros: number): number {
  let low = 0;
  let high = BAR_ENDS.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (BAR_ENDS[middle]! < micros) low = middle + 1;
    else high = middle;
  }
  return low;
}
