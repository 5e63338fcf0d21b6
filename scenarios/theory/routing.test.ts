import { describe, expect, it } from 'vitest';
import { createKeySampler } from './key-sampler.ts';
import {
  admitted,
  admittedAtMost,
  recognisedShare,
  repeatedKeyHits,
  shareEstimate,
  staleShare,
  stampedeLoads,
  unbrokenVisits,
} from './routing.ts';

/** A random worker of N. */
function router(workers: number, seed: number): () => number {
  return createKeySampler(new Float64Array(workers).fill(1 / workers), seed);
}

describe('what follows from N caches by counting', () => {
  it('the k-th request for one key hits as often as random workers have seen it', () => {
    const runs = 20_000;
    const route = router(4, 1);
    const hits = [0, 0, 0, 0, 0];
    for (let run = 0; run < runs; run++) {
      const seen = new Set<number>();
      for (let k = 0; k < hits.length; k++) {
        const worker = route();
        if (seen.has(worker)) hits[k]!++;
        seen.add(worker);
      }
    }
    hits.forEach((count, k) => {
      expect(count / runs).toBeCloseTo(repeatedKeyHits(4, k + 1, 'random'), 1.7);
    });
  });

  it('in strict turn the first N requests miss and no other', () => {
    const turn = [1, 2, 3, 4, 5, 6].map((k) => repeatedKeyHits(4, k, 'round-robin'));
    expect(turn).toEqual([0, 0, 0, 0, 1, 1]);
  });

  it('a visit keeps its login when every page meets the worker that knows it', () => {
    const runs = 40_000;
    const route = router(2, 3);
    let kept = 0;
    for (let run = 0; run < runs; run++) {
      const home = route();
      if ([1, 2, 3].every(() => route() === home)) kept++;
    }
    expect(kept / runs).toBeCloseTo(unbrokenVisits(2, 3), 2);
    expect(recognisedShare(4)).toBe(0.25);
    expect(unbrokenVisits(1, 100)).toBe(1);
  });

  it('limits, stale reads and stampedes multiply by the workers', () => {
    expect(admittedAtMost(10, 4, 1000)).toBe(40);
    expect(admittedAtMost(10, 4, 25)).toBe(25);
    expect(admitted(10, [50, 3, 10, 0])).toBe(23);
    expect(staleShare(4)).toBe(0.75);
    expect(staleShare(1)).toBe(0);
    expect(stampedeLoads(4, 10, true)).toBe(4);
    expect(stampedeLoads(4, 10, false)).toBe(40);
  });
});

describe('the estimate of a share', () => {
  it('covers nine to ten runs in ten', () => {
    const trials = 60;
    const estimate = shareEstimate(0.25, trials, 'one of four');
    const route = router(4, 9);
    const runs = 2000;
    let inside = 0;
    for (let run = 0; run < runs; run++) {
      let recognised = 0;
      for (let i = 0; i < trials; i++) if (route() === 0) recognised++;
      const share = recognised / trials;
      if (share >= estimate.low! && share <= estimate.high!) inside++;
    }
    expect(inside / runs).toBeGreaterThanOrEqual(0.93);
    expect(inside / runs).toBeLessThanOrEqual(0.99);
  });

  it('leaves no room where there is no chance, and every room without a trial', () => {
    expect(shareEstimate(1, 50, 'one worker')).toMatchObject({ low: 1, high: 1 });
    expect(shareEstimate(0.5, 0, 'nothing asked')).toMatchObject({ low: 0, high: 1 });
  });
});
