import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { differenceOf, isTold, mean } from './spread.ts';

const sample = (...values: number[]) => ({ values, expected: null });
const single = (measured: number, value: number, half: number) => ({
  values: [measured],
  expected: { value, low: value - half, high: value + half },
});

describe('the spread of a difference', () => {
  test('is that of Welch’s test, from rounds', () => {
    // Means 20 and 24, variances 4 and 16, n 3 and 3: s = √(20/3), 2.94 → 2 degrees of freedom.
    const { value, halfWidth, source } = differenceOf(sample(18, 20, 22), sample(20, 24, 28), true);
    expect([value, source]).toEqual([4, 'rounds']);
    expect(halfWidth).toBeCloseTo(4.303 * Math.sqrt(20 / 3), 6);
  });

  test('takes account of how many rounds each has', () => {
    // Variances 4 and 50 of 3 and 2 rounds: parts 4/3 and 25, freedom 1.1 → 1.
    const { halfWidth } = differenceOf(sample(18, 20, 22), sample(25, 35), true);
    expect(halfWidth).toBeCloseTo(12.706 * Math.sqrt(4 / 3 + 25), 6);
    // Variances 1 and 1 of 5 and 3 rounds: parts 0.2 and 1/3, freedom 4.01 → 4.
    const five = sample(...[-1, -1, 0, 1, 1].map((value) => value));
    expect(differenceOf(five, sample(-1, 0, 1), true).halfWidth).toBeCloseTo(
      2.776 * Math.sqrt(1 / 5 + 1 / 3),
      6,
    );
  });

  test('beyond the table is that of its end', () => {
    const many = (middle: number) =>
      sample(...Array.from({ length: 60 }, (_, i) => middle + (i % 2)));
    const part = (0.25 * 60) / 59 / 60;
    expect(differenceOf(many(1), many(2), true).halfWidth).toBeCloseTo(
      2.042 * Math.sqrt(2 * part),
      9,
    );
  });

  test('is nothing where no round differs from the others', () => {
    expect(differenceOf(sample(5, 5), sample(7, 7), true)).toEqual({
      ...{ value: 2, halfWidth: 0, source: 'rounds' },
    });
  });

  test('comes from the expectations of single runs, and how requests fell counts as chance', () => {
    const [a, b] = [single(700, 700, 12), single(730, 728, 16)];
    const apart = { value: 30, halfWidth: 20, source: 'expectation' };
    expect(differenceOf(a, b, false)).toEqual(apart);
    expect(isTold(differenceOf(a, b, false))).toBe(true);
    expect(differenceOf(a, b, true)).toEqual({ ...apart, halfWidth: 48 });
    expect(isTold(differenceOf(a, b, true))).toBe(false);
  });

  test('is unknown for a single run without theory, however far apart', () => {
    const unknown = { halfWidth: null, source: 'unknown' };
    expect(differenceOf(sample(1), sample(1e9), true)).toEqual({ value: 1e9 - 1, ...unknown });
    expect(differenceOf(single(1, 1, 1), sample(2), true)).toMatchObject(unknown);
    expect(differenceOf(sample(1), single(2, 2, 1), true)).toMatchObject(unknown);
    expect(differenceOf(sample(1), sample(2, 3), true)).toMatchObject(unknown);
    expect(differenceOf(sample(1, 2), sample(3), true)).toMatchObject(unknown);
    expect(isTold(differenceOf(sample(1), sample(1e9), true))).toBe(false);
  });

  test('is told of what lies beyond it, not on it', () => {
    const off = (value: number) => isTold({ value, halfWidth: 2, source: 'rounds' });
    expect([off(2), off(-2), off(2.1), off(-2.1)]).toEqual([false, false, true, true]);
  });

  test('hides a difference between rounds of the same in about 19 of 20 cases', () => {
    const draws = fc.array(fc.double({ min: 0, max: 1, noNaN: true, noDefaultInfinity: true }), {
      minLength: 120,
      maxLength: 120,
    });
    const tries = fc.sample(draws, { numRuns: 400, seed: 1 });
    const told = tries.filter((noise) => {
      // Ten values each; a sum of six uniform draws is close to normal.
      const values = Array.from({ length: 20 }, (_, index) =>
        noise.slice(6 * index, 6 * index + 6).reduce((sum, draw) => sum + draw, 0),
      );
      return isTold(
        differenceOf(sample(...values.slice(0, 10)), sample(...values.slice(10)), true),
      );
    });
    expect(told.length).toBeGreaterThan(0);
    expect(told.length / tries.length).toBeLessThan(0.1);
  });
});

test('the mean of a sample', () => {
  expect(mean([1, 2, 6])).toBe(3);
});
