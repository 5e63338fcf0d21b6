import Value from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { Latency } from '../../reports/record/schema.ts';
import { latencyOf } from './latency.ts';

describe('latency', () => {
  it('has exact percentiles and bars that add up', () => {
    const latency = latencyOf(Array.from({ length: 10_000 }, (_, i) => 10_000 - i));
    expect([...Value.Errors(Latency, latency)]).toEqual([]);
    const { p50Micros, p90Micros, p99Micros, maxMicros } = latency;
    expect([p50Micros, p90Micros, p99Micros, maxMicros]).toEqual([5_000, 9_000, 9_900, 10_000]);
    expect(latency.counts.reduce((a, b) => a + b, 0)).toBe(10_000);
    latency.upToMicros.forEach((end, i) => {
      const below = i === 0 ? 0 : latency.upToMicros[i - 1]!;
      expect(latency.counts[i]).toBe(Math.floor(end) - Math.floor(below));
    });
  });

  it('takes what is faster than a microsecond and slower than a minute', () => {
    const latency = latencyOf([120_000_000, 0.2]);
    expect(latency.count).toBe(2);
    expect(latency.maxMicros).toBe(120_000_000);
    expect(latency.counts.reduce((a, b) => a + b, 0)).toBe(2);
  });

  it('falls into bars of about a quarter more each, the end of a bar included', () => {
    const ends = [1, 1.25, 1.6, 2, 2.5, 3.15, 4, 5, 6.3, 8, 10, 12.5];
    expect(latencyOf([1, 12.5]).upToMicros).toEqual(ends);
    expect(latencyOf([1, 1.25, 1.2501, 1.6, 10, 10.1]).counts).toEqual([
      ...[1, 1, 2, 0, 0, 0, 0, 0, 0, 0, 1, 1],
    ]);
    expect(latencyOf([40e6, 60e6]).upToMicros).toEqual([40e6, 50e6, 60e6]);
    expect(latencyOf([61e6])).toMatchObject({ upToMicros: [60e6], counts: [1], maxMicros: 61e6 });
  });

  it('leaves out bars before the first and after the last', () => {
    expect(latencyOf([100, 130, 200])).toMatchObject({
      upToMicros: [100, 125, 160, 200],
      counts: [1, 0, 1, 1],
    });
  });

  it('has percentiles that were measured, however few they are', () => {
    expect(latencyOf([10_003])).toMatchObject({ p50Micros: 10_003, p99Micros: 10_003 });
    expect(latencyOf([2.6, 0.3])).toMatchObject({ p50Micros: 0.3, p90Micros: 2.6, maxMicros: 2.6 });
  });

  it('is nothing at all where nothing was measured', () => {
    expect(latencyOf([])).toEqual({
      ...{ count: 0, p50Micros: null, p90Micros: null, p99Micros: null, maxMicros: null },
      ...{ upToMicros: [], counts: [] },
    });
  });
});
