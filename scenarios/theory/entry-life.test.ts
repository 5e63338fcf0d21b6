import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, test } from 'vitest';
import { entryLife, entryLifeBetween } from './entry-life.ts';

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

describe('with another stay after each request', () => {
  test('is what one stay gives where they hardly differ', () => {
    for (const timeout of [2, 7, 40, Infinity]) {
      const one = entryLife(0.5, 3, timeout);
      const near = entryLifeBetween(0.5, [2.99, 3.01], timeout);
      expect(near.hits).toBeCloseTo(one.hits, 1);
      expect(near.evicted).toBeCloseTo(one.evicted, 1);
      expect(entryLifeBetween(0.5, [3, 3], timeout)).toEqual(one);
    }
  });

  test('is what drawing every stay gives', () => {
    const [rate, shortest, longest, timeout] = [0.1, 6, 23, 40];
    const random = xoroshiro128plus(3);
    const draw = () => uniformFloat64(random);
    let [hits, evicted] = [0, 0];
    const lives = 200_000;
    for (let life = 0; life < lives; life++) {
      for (let now = 0; ; hits++) {
        const gap = -Math.log1p(-draw()) / rate;
        now += gap;
        if (now >= timeout) break;
        if (gap < shortest + draw() * (longest - shortest)) continue;
        evicted++;
        break;
      }
    }
    const expected = entryLifeBetween(rate, [shortest, longest], timeout);
    expect(Math.abs(hits / lives - expected.hits)).toBeLessThan(0.015);
    expect(Math.abs(evicted / lives - expected.evicted)).toBeLessThan(0.005);
  });

  test('never ends early where no stay is shorter than the timeout', () => {
    expect(entryLifeBetween(0.5, [10, 20], 8)).toEqual({ hits: 4, evicted: 0 });
  });
});
