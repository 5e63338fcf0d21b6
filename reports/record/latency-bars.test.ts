import { describe, expect, test } from 'vitest';
import { quantileOf } from './latency-bars.ts';
import type { Latency } from './schema.ts';

describe('a quantile over workers', () => {
  const bins = (upToMicros: number[], counts: number[]): Latency => ({
    ...{ count: 0, p50Micros: 0, p90Micros: 0, p99Micros: 0, maxMicros: 0 },
    ...{ upToMicros, counts },
  });

  test('is that of all their responses, not a mean of theirs', () => {
    const both = [bins([1_000], [1]), bins([10, 20], [98, 1])];
    expect(quantileOf(both, 0.5)).toBe(10);
    expect(quantileOf(both, 0.98)).toBe(10);
    expect(quantileOf(both, 0.981)).toBe(20);
    expect(quantileOf(both, 0.99)).toBe(20);
    expect(quantileOf(both, 1)).toBe(1_000);
  });

  test('is unknown where nothing was asked, and ends with the last bin', () => {
    expect(quantileOf([bins([], [])], 0.5)).toBeNull();
    expect(quantileOf([bins([10], [])], 0.5)).toBeNull();
    expect(quantileOf([bins([10, 20, 30], [1, 1, 1])], 1.1)).toBe(30);
  });
});
