import { describe, expect, test } from 'vitest';
import { agreesWith, intervalInWords, inUnit } from './estimate.ts';
import type { Estimate, Interval } from './schema.ts';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const estimate = (interval: Interval, value = 50, low = 45, high = 53): Estimate => ({
  ...{ value, low, high, interval, source: 'a test', by: 'formula' },
});
const chance = (share: 0.95 | 0.9999, step = 0): Interval => ({
  ...{ kind: 'chance', share, how: 'a test', step },
});
const EXACT: Interval = { kind: 'exact' };
const TOLERANCE: Interval = { kind: 'tolerance', reason: 'for what is not content' };

/** Of these values, those that agree. */
const agreeing = (expected: Estimate, values: number[]) =>
  values.filter((value) => agreesWith(expected, value));

describe('a measured value agrees', () => {
  test('with an exact one if it is that one', () => {
    expect(agreeing(estimate(EXACT, 50, 50, 50), [49, 50, 51])).toEqual([50]);
  });

  test('with chance within twice a 95 % interval, each side for itself', () => {
    expect(agreeing(estimate(chance(0.95)), [39, 40, 56, 57])).toEqual([40, 56]);
  });

  test('with chance within a 99.99 % interval as it is', () => {
    expect(agreeing(estimate(chance(0.9999)), [44, 45, 53, 54])).toEqual([45, 53]);
  });

  test('with chance if it is one step away, since nothing finer can be counted', () => {
    const certain = estimate(chance(0.95, 1), 50, 50, 50);
    expect(agreeing(certain, [48.9, 49, 50, 51, 51.1])).toEqual([49, 50, 51]);
    const narrow = estimate(chance(0.95, 1), 50, 49.9, 50.2);
    expect(agreeing(narrow, [48.9, 49, 51, 51.1])).toEqual([49, 51]);
    expect(agreeing(estimate(chance(0.95, 1)), [39, 40, 56, 57])).toEqual([40, 56]);
  });

  test('with a tolerance within it, which is not doubled', () => {
    expect(agreeing(estimate(TOLERANCE), [44, 45, 53, 54])).toEqual([45, 53]);
  });

  test('or not, if it was not measured; and with nothing where nothing is expected', () => {
    expect(agreesWith(estimate(TOLERANCE, 1, 0, 2), null)).toBe(false);
    expect(agreesWith(null, 5)).toBeNull();
    expect(agreesWith(null, null)).toBeNull();
  });
});

describe('a value in its unit', () => {
  test('is written as its unit is', () => {
    expect(plain(inUnit(0.842, 'share'))).toBe('84.2 %');
    expect(plain(inUnit(13 * 2 ** 20, 'bytes'))).toBe('13.0 MiB');
    expect(inUnit(1_204, 'misses')).toBe('1,204 misses');
    expect(inUnit(12.3456, 'queries/s')).toBe('12.3 queries/s');
    expect(inUnit(12_345, 'misses')).toBe('12,345 misses');
  });

  test('is a dash where it is not known', () => {
    expect(inUnit(null, 'misses')).toBe('–');
    expect(inUnit(null, 'share')).toBe('–');
  });
});

test('an interval is named in words', () => {
  expect([EXACT, chance(0.95), chance(0.9999), TOLERANCE].map(intervalInWords)).toEqual([
    'every run gives exactly this',
    '95 % of runs (a test)',
    '99.99 % of runs (a test)',
    'a tolerance (for what is not content)',
  ]);
});
