import { describe, expect, test } from 'vitest';
import { exactly, within } from './estimate.ts';
import { createKeySampler } from './key-sampler.ts';
import {
  admitted,
  admittedAtMost,
  recognisedInTurn,
  recognisedShare,
  remainingAfter,
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

  test('pages in turn meet the login every N-th time, two pages more or less', () => {
    const source = 'strict round robin: every N-th';
    const reason = 'two pages more or less: a worker that is late shifts the turn';
    expect(recognisedInTurn(24, 4)).toEqual(within(6, { low: 4, high: 8, reason }, source));
    expect(recognisedInTurn(24, 1)).toEqual(exactly(24, source));
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
