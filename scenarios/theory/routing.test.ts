import { describe, expect, test } from 'vitest';
import { createKeySampler } from './key-sampler.ts';
import {
  admitted,
  admittedAtMost,
  recognisedShare,
  remainingAfter,
  shareEstimate,
  staleShare,
  unbrokenVisits,
} from './routing.ts';

/** A random worker of N. */
function router(workers: number, seed: number): () => number {
  return createKeySampler(new Float64Array(workers).fill(1 / workers), seed);
}

describe('what follows from N caches by counting', () => {
  test('a visit keeps its login when every page meets the worker that knows it', () => {
    const runs = 40_000;
    const route = router(2, 3);
    let kept = 0;
    for (let run = 0; run < runs; run++) {
      const home = route();
      if ([1, 2, 3].every(() => route() === home)) kept++;
    }
    expect(kept / runs).toBeCloseTo(unbrokenVisits(2, 3), 2);
    expect(unbrokenVisits(4, 2)).toBe(1 / 16);
    expect(unbrokenVisits(1, 100)).toBe(1);
    expect(recognisedShare(4)).toBe(0.25);
  });

  test('old copies are met as often as their workers are', () => {
    expect(staleShare(4, 3)).toBe(0.75);
    expect(staleShare(1, 0)).toBe(0);
  });

  test('a limit counts for each count: Σ min(L, R), at most L · N', () => {
    expect(admittedAtMost(10, 4)).toBe(40);
    expect(admitted(10, [50, 3, 10, 0])).toBe(23);
    expect(admitted(10, [])).toBe(0);
  });

  test('what is left of a limit is counted down by each count alone, and never below nothing', () => {
    expect(remainingAfter(3, [1, 1, 2, 1, 1, 2])).toEqual([2, 1, 2, 0, 0, 1]);
    expect(remainingAfter(3, [])).toEqual([]);
  });
});

describe('the estimate of a share', () => {
  test('covers nine to ten runs in ten', () => {
    const trials = 60;
    const { low, high } = shareEstimate(0.25, trials, 'one of four');
    const route = router(4, 9);
    const runs = 2_000;
    let inside = 0;
    for (let run = 0; run < runs; run++) {
      let recognised = 0;
      for (let i = 0; i < trials; i++) if (route() === 0) recognised++;
      const share = recognised / trials;
      if (share >= low && share <= high) inside++;
    }
    expect(inside / runs).toBeGreaterThanOrEqual(0.93);
    expect(inside / runs).toBeLessThanOrEqual(0.99);
  });

  test('is the one of a textbook, and half a count more', () => {
    // 0.2 ± 1.96 · √(0.2 · 0.8 / 100) = ± 0.0784, and 0.5 / 100.
    expect(shareEstimate(0.2, 100, 'one of five')).toEqual({
      value: 0.2,
      low: expect.closeTo(0.2 - 0.0834, 4),
      high: expect.closeTo(0.2 + 0.0834, 4),
      interval: { kind: 'chance', share: 0.95, how: 'binomial, n = 100', step: 0 },
      ...{ source: 'one of five', by: 'formula' },
    });
  });

  test('stays a share, however few the trials', () => {
    expect(shareEstimate(0.1, 4, '').low).toBe(0);
    expect(shareEstimate(0.9, 4, '').high).toBe(1);
    expect(shareEstimate(0.5, 0, 'nothing asked')).toMatchObject({ low: 0, high: 1 });
  });

  test('leaves no room where there is no chance', () => {
    const exact = { interval: { kind: 'exact' }, source: 'so it is', by: 'formula' };
    expect(shareEstimate(1, 50, 'so it is')).toEqual({ value: 1, low: 1, high: 1, ...exact });
    expect(shareEstimate(0, 50, 'so it is')).toEqual({ value: 0, low: 0, high: 0, ...exact });
  });
});
