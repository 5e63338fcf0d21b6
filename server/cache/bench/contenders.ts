import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import LocMemCache from '../backends/locmem.ts';

/** Entries that each cache may hold. */
export const MAX_ENTRIES = 1000;
const WARM_UP_ROUNDS = 10;
const ROUNDS = 100;

/** The stream that all caches are measured on: which key each request asks for. */
export interface Stream {
  /** One text per key; requests ask for the very same texts again. */
  readonly keys: readonly string[];
  /** Index of the key, per request. */
  readonly requests: Uint32Array;
}

/** 10,000 keys by Zipf's law with 0.99: key number k (from 1) in proportion to k^−0.99. */
export function zipfStream(requestCount: number): Stream {
  const random = xoroshiro128plus(42);
  let sum = 0;
  const cumulative = Float64Array.from({ length: 10_000 }, (_, k) => (sum += (k + 1) ** -0.99));
  const draw = () => {
    const target = uniformFloat64(random) * sum;
    return cumulative.findIndex((share) => share > target);
  };
  return {
    keys: Array.from(cumulative, (_, k) => `user:${k}`),
    requests: Uint32Array.from({ length: requestCount }, draw),
  };
}

/**
 * Something that serves requests: get, and set on a miss. Each has the loop written out, because
 * V8 makes the best of a call only where it always calls the same.
 */
export interface Contender {
  /** Serves the whole stream once; gives how many requests missed. */
  serve(stream: Stream): number;
}

let locations = 0;

/** Our cache; `make` gives the value that is stored on a miss. */
export function locmem(make: () => unknown): Contender {
  locations += 1;
  const cache = new LocMemCache({ location: `bench ${locations}`, maxEntries: MAX_ENTRIES });
  return {
    serve({ keys, requests }) {
      let misses = 0;
      for (let i = 0; i < requests.length; i += 1) {
        const key = keys[requests[i]!]!;
        if (cache.get(key) !== undefined) continue;
        misses += 1;
        cache.set(key, make());
      }
      return misses;
    },
  };
}

/**
 * Lets all serve the stream in turns, and gives how many requests per second each did. Measured is
 * processor time: other programs on the machine take time from the clock, not from that. It is
 * counted in ticks of some milliseconds, so only the sum over many rounds says something.
 */
export async function perSecond(
  contenders: readonly Contender[],
  stream: Stream,
): Promise<number[]> {
  const seconds = contenders.map(() => 0);
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
    for (const [index, contender] of contenders.entries()) {
      const before = process.threadCpuUsage();
      contender.serve(stream);
      const { user, system } = process.threadCpuUsage(before);
      if (round >= 0) seconds[index]! += (user + system) / 1e6;
    }
    // Timers get their turn, as in a server.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return seconds.map((sum) => (ROUNDS * stream.requests.length) / sum);
}

/** `2.41×` and whether that reaches the aim. */
export function beside(ours: number, theirs: number, aim: number): string {
  const ratio = ours / theirs;
  const times = `${ratio.toFixed(ratio < 10 ? 2 : 0)}×`;
  if (ratio >= aim) return `${times} (aim: ${aim}×, reached)`;
  return `${times} (aim: ${aim}×, missed by ${(100 * (1 - ratio / aim)).toFixed(0)} %)`;
}

/** `5.05 M/s` */
export function millions(perSecond: number): string {
  return `${(perSecond / 1e6).toFixed(2)} M/s`;
}
