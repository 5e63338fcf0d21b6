import { describe, expect, test } from 'vitest';
import type { Estimate } from '../../reports/record/schema.ts';
import {
  around,
  asHitRate,
  exactly,
  missesPerSecond,
  noDifference,
  scaled,
  scatterOf,
  wholeNumberInterval,
  within,
} from './estimate.ts';

const chance: Estimate = {
  ...{ value: 50, low: 45, high: 53, source: 'occupancy', by: 'model' },
  interval: { kind: 'chance', share: 0.95, how: 'a test', step: 1 },
};

test('what must be so has no room', () => {
  expect(exactly(7, 'so it is')).toEqual({
    ...{ value: 7, low: 7, high: 7, interval: { kind: 'exact' } },
    ...{ source: 'so it is', by: 'formula' },
  });
});

test('what may be off for a reason names it', () => {
  expect(within(7, { low: 5, high: 8, reason: 'dust' }, 'so it is')).toEqual({
    ...{ value: 7, low: 5, high: 8, interval: { kind: 'tolerance', reason: 'dust' } },
    ...{ source: 'so it is', by: 'formula' },
  });
});

describe('misses as a hit rate', () => {
  test('turn round: the most misses are the lowest rate, and a step is one lookup', () => {
    expect(asHitRate(chance, 200)).toEqual({
      ...{ value: 0.75, low: 1 - 53 / 200, high: 1 - 45 / 200, source: 'occupancy', by: 'model' },
      interval: { kind: 'chance', share: 0.95, how: 'a test', step: 1 / 200 },
    });
  });

  test('stay exact, or a tolerance', () => {
    expect(asHitRate(exactly(50, 'x'), 200)).toMatchObject({ interval: { kind: 'exact' } });
    const tolerance = within(50, { low: 40, high: 60, reason: 'dust' }, 'x');
    expect(asHitRate(tolerance, 200).interval).toEqual({ kind: 'tolerance', reason: 'dust' });
  });
});

describe('another quantity of the same', () => {
  test('leaves misses per second, the more the fewer are hits', () => {
    const { value, low, high } = missesPerSecond(
      within(0.9, { low: 0.8, high: 0.95, reason: 'dust' }, 'x'),
      200,
    );
    expect(value).toBeCloseTo(20, 9);
    expect(low).toBeCloseTo(10, 9);
    expect(high).toBeCloseTo(40, 9);
  });

  test('grows or falls with it, and is no count', () => {
    const interval = { kind: 'chance', share: 0.95, how: 'a test', step: 0 };
    expect(scaled(chance, (value) => 2 * value)).toEqual({
      ...chance,
      ...{ value: 100, low: 90, high: 106, interval },
    });
    expect(scaled(chance, (value) => 100 - value)).toEqual({
      ...chance,
      ...{ value: 50, low: 47, high: 55, interval },
    });
  });

  test('stays exact', () => {
    expect(scaled(exactly(3, 'x'), (value) => -value)).toEqual({
      ...exactly(-3, 'x'),
    });
  });
});

test('two that should be alike may be apart by the chance of both', () => {
  const [three, four] = [3, 4].map((half) => ({ ...chance, low: 50 - half, high: 50 + half }));
  expect(noDifference(three!, four!, 'Che')).toEqual({
    ...{ value: 0, low: -5, high: 5, source: 'Che', by: 'formula' },
    interval: {
      ...{ kind: 'chance', share: 0.95, step: 0 },
      how: 'both intervals, added as independent',
    },
  });
});

test('the same scatter around another value stays between nothing and the most', () => {
  expect(around(60, chance, 100)).toEqual({ ...chance, value: 60, low: 55, high: 63 });
  expect(around(3, chance, 100)).toEqual({ ...chance, value: 3, low: 0, high: 6 });
  expect(around(98, chance, 100)).toEqual({ ...chance, value: 98, low: 93, high: 100 });
  expect(around(120, chance, 100)).toEqual({ ...chance, value: 120, low: 100, high: 100 });
});

test.each([
  // 1.96 standard deviations, half a whole number less on either side.
  [10, 2, 20, 6, 14],
  [50_000, 10_000, 100_000, 30_400, 69_600],
  [1, 2, 20, 0, 5],
  [19, 2, 20, 15, 20],
  [10, 0, 20, 10, 10],
])(
  'whole numbers around %d with a deviation of %d, %d at most',
  (mean, deviation, most, low, high) => {
    const interval = wholeNumberInterval(mean, deviation, most);
    expect(interval).toEqual({ low, high });
  },
);

test('another run scatters a little more than those that the mean is of', () => {
  expect(scatterOf([1, 2, 3])).toEqual({ mean: 2, deviation: Math.sqrt(4 / 3) });
  expect(scatterOf([5, 5])).toEqual({ mean: 5, deviation: 0 });
});
