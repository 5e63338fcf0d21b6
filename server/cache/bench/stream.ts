import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** The stream that all caches are measured on: which key each request asks for. */
export interface Stream {
  /** One text per key; requests ask for the very same texts again. */
  readonly keys: readonly string[];
  /** Index of the key, per request. */
  readonly requests: Uint32Array;
}

/** Zipf's law: key number k (from 1) is asked for in proportion to k^−exponent. */
export function zipfStream(keyCount: number, exponent: number, requestCount: number): Stream {
  const random = xoroshiro128plus(42);
  const cumulative = new Float64Array(keyCount);
  let sum = 0;
  for (let k = 0; k < keyCount; k += 1) {
    sum += (k + 1) ** -exponent;
    cumulative[k] = sum;
  }
  const requests = new Uint32Array(requestCount);
  for (let i = 0; i < requestCount; i += 1) {
    requests[i] = firstAbove(cumulative, uniformFloat64(random) * sum);
  }
  return { keys: Array.from({ length: keyCount }, (_, k) => `user:${k}`), requests };
}

/** By bisection: the first index whose cumulative share exceeds the target. */
function firstAbove(cumulative: Float64Array, target: number): number {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (cumulative[middle]! > target) high = middle;
    else low = middle + 1;
  }
  return low;
}
