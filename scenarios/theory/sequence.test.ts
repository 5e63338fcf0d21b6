import { describe, expect, test } from 'vitest';
import { increaseOf, timesFallen } from './sequence.ts';

describe('a sequence of values', () => {
  test('falls where one is smaller than the one before', () => {
    expect(timesFallen([3, 1, 1, 2, 0])).toBe(2);
    expect(timesFallen([1, 2, 3])).toBe(0);
    expect(timesFallen([])).toBe(0);
  });

  test('that falls counts as begun again from zero, which is how interleaved counters inflate a rate', () => {
    expect(increaseOf([10, 20, 30])).toBe(20);
    expect(increaseOf([10, 10])).toBe(0);
    // Two counters scraped in turn, neither of which moved.
    expect(increaseOf([10, 30, 10, 30, 10])).toBe(20 + 10 + 20 + 10);
    expect(increaseOf([])).toBe(0);
  });
});
