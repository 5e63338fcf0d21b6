import { describe, expect, test } from 'vitest';
import { entryLife } from './entry-life.ts';

/**
 * Its hits by small steps: g is the probability that the entry is held and was never missed. It
 * drops by e^(−λt) when the stay is over, and falls as fast as λ·e^(−λt) times what it was a stay ago.
 */
function hitsBySteps(rate: number, stay: number, timeout: number): number {
  const steps = 4_000;
  const gone = Math.exp(-rate * stay);
  const step = stay / steps;
  const held = [1];
  let hits = 0;
  for (let i = 1; i * step <= timeout; i++) {
    const ago = held[i - steps] ?? 0;
    const now = held[i - 1]! - (i === steps ? gone : 0) - step * rate * gone * ago;
    held.push(now);
    hits += step * rate * now;
  }
  return hits;
}

describe('the life of an entry', () => {
  test.each([
    [1, 1, 1.5],
    [1, 1, 2.7],
    [0.3, 2, 9],
    [2.5, 1, 6.2],
  ])(
    'at a rate of %d, a stay of %d and a timeout of %d has the hits of small steps',
    (rate, stay, timeout) => {
      const { hits } = entryLife(rate, stay, timeout);
      expect(hits).toBeCloseTo(hitsBySteps(rate, stay, timeout), 2);
    },
  );

  test('of less than two stays can be written down', () => {
    // Missed when nobody asks for a stay, and somebody then: x·e^(−x) for each stay beyond the first.
    const [rate, stay, timeout] = [0.8, 3, 5];
    const x = rate * stay;
    const gone = Math.exp(-x);
    const beyond = timeout / stay - 1;
    const { hits, evicted } = entryLife(rate, stay, timeout);
    expect(evicted).toBeCloseTo(x * gone * beyond, 12);
    const sure = x * (timeout / stay - gone * beyond);
    expect(hits).toBeCloseTo(sure - (x * x * gone * beyond * beyond) / 2, 12);
  });

  test('ends at once where it is stored expired, or evicted at once', () => {
    expect(entryLife(5, 3, 0)).toEqual({ hits: 0, evicted: 0 });
    expect(entryLife(5, 3, -1)).toEqual({ hits: 0, evicted: 0 });
    expect(entryLife(5, 0, 3)).toEqual({ hits: 0, evicted: 1 });
  });

  test('is the timeout’s alone where nothing is evicted, and the stay’s where nothing expires', () => {
    expect(entryLife(5, 3, 3)).toEqual({ hits: 15, evicted: 0 });
    expect(entryLife(5, Infinity, 3)).toEqual({ hits: 15, evicted: 0 });
    expect(entryLife(0.5, 3, Infinity)).toEqual({ hits: Math.expm1(1.5), evicted: 1 });
  });

  test.each([0.2, 0.99, 1, 1.01, 2, 8])(
    'of %d requests in a stay goes on beyond the series as it was, and ends evicted',
    (x) => {
      const [at, soon, later] = [20, 20.5, 21].map((stays) => entryLife(x, 1, stays));
      const [first, second] = [soon!.hits - at!.hits, later!.hits - soon!.hits];
      expect(first).toBeGreaterThanOrEqual(-1e-9);
      // Each half a stay brings as many hits as the one before, times what is left of the entry.
      const left = (1 - later!.evicted) / (1 - soon!.evicted);
      expect(second).toBeCloseTo(first * left, x <= 1 ? 6 : 4);
      expect(later!.evicted).toBeGreaterThanOrEqual(soon!.evicted);
      expect(entryLife(x, 1, 1e6).evicted).toBeCloseTo(1, x === 8 ? 0 : 6);
    },
  );
});
