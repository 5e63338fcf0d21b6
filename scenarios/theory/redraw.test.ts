import { describe, expect, test } from 'vitest';
import { redrawnMisses, timesOfWorker, type WorkerTimes } from './redraw.ts';

const cache = { maxEntries: 300, timeoutSeconds: null, cullFrequency: 3 };
/** One key, so that nothing is left to chance. */
const ONE_KEY = Float64Array.of(1);

const worker = (
  slot: number,
  atSeconds: number[],
  loadSeconds: number[] = atSeconds.map(() => 0.02),
  firstCounted = 0,
): WorkerTimes => ({
  slot,
  atSeconds: Float64Array.from(atSeconds),
  loadSeconds: Float64Array.from(loadSeconds),
  firstCounted,
});

const missesOf = (
  workers: WorkerTimes[],
  { overlap = true, limits = cache as Parameters<typeof redrawnMisses>[1]['cache'] } = {},
) => redrawnMisses({ workers, overlap }, { shares: ONE_KEY, cache: limits, seed: 1 });

describe('lookups at their own times, with other keys', () => {
  test('miss until the first load is there, which is at its very moment', () => {
    expect(missesOf([worker(1, [0, 0.01, 0.02, 0.03])])).toBe(2);
    expect(missesOf([worker(1, [0, 0.019, 0.021])])).toBe(2);
  });

  test('miss once where the worker did nothing else meanwhile', () => {
    expect(missesOf([worker(1, [0, 0.01, 0.02])], { overlap: false })).toBe(1);
  });

  test('miss in each worker, which has a cache of its own', () => {
    expect(missesOf([worker(1, [0, 1]), worker(2, [0.5, 2, 3])])).toBe(2);
  });

  test('do not count while they belong to earlier phases, but fill the cache', () => {
    expect(missesOf([worker(1, [0, 1, 2], [0, 0, 0], 1)])).toBe(0);
    expect(missesOf([worker(1, [0, 0.01, 2], [0.02, 0.02, 0.02], 1)])).toBe(1);
  });

  test('store when a load came back, the sooner ones first, and expire from then', () => {
    const limits = { ...cache, timeoutSeconds: 1 };
    // Asked at 0 and at 0.1; back at 0.5 and at 0.2: fresh until 1.5, by the later store.
    const overtaking = [worker(1, [0, 0.1, 0.3, 1.4, 1.6], [0.5, 0.1, 0, 0, 0])];
    expect(missesOf(overtaking, { limits })).toBe(3);
    // Three on the way, the middle one last of all: fresh until 1.9.
    const three = [worker(1, [0, 0.1, 0.2, 1.8, 2], [0.3, 0.8, 0.3, 0, 0])];
    expect(missesOf(three, { limits })).toBe(4);
  });

  test('ask for keys by their popularity, drawn from the seed', () => {
    const times = {
      workers: [
        worker(
          1,
          Array.from({ length: 50 }, (_, i) => i),
        ),
      ],
      overlap: false,
    };
    const shares = new Float64Array(100).fill(0.01);
    const drawn = (seed: number) => redrawnMisses(times, { shares, cache, seed });
    const misses = Array.from({ length: 200 }, (_, seed) => drawn(seed));
    const mean = misses.reduce((sum, one) => sum + one, 0) / misses.length;
    // 100 · (1 − 0.99^50) = 39.5, with a standard error of 0.2.
    expect(mean).toBeGreaterThan(38.9);
    expect(mean).toBeLessThan(40.1);
    expect(drawn(7)).toBe(drawn(7));
    expect(new Set(misses).size).toBeGreaterThan(5);
  });
});

test('the times of one worker are its own alone', () => {
  const [one, two] = [worker(1, [0]), worker(2, [1])];
  expect(timesOfWorker({ workers: [one, two], overlap: true }, 2)).toEqual({
    workers: [two],
    overlap: true,
  });
});
