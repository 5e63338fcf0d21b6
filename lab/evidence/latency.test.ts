import Value from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { Latency } from '../../reports/record/schema.ts';
import { LatencyCounter } from './latency.ts';

function latencyOf(...micros: number[]): Latency {
  const counter = new LatencyCounter();
  for (const one of micros) counter.add(one);
  return counter.latency();
}

describe('latency', () => {
  it('has percentiles to three digits and bars that add up', () => {
    const counter = new LatencyCounter();
    for (let micros = 1; micros <= 10_000; micros++) counter.add(micros);
    const latency = counter.latency();
    expect([...Value.Errors(Latency, latency)]).toEqual([]);
    expect(latency.p50Micros! / 5000).toBeCloseTo(1, 2);
    expect(latency.p99Micros! / 9900).toBeCloseTo(1, 2);
    expect(latency.maxMicros).toBe(10_000);
    expect(latency.counts.reduce((a, b) => a + b, 0)).toBe(10_000);
    latency.upToMicros.forEach((end, i) => {
      const below = i === 0 ? 0 : latency.upToMicros[i - 1]!;
      expect(latency.counts[i]).toBe(Math.floor(end) - Math.floor(below));
    });
  });

  it('takes what is faster than a microsecond and slower than a minute', () => {
    const counter = new LatencyCounter();
    counter.add(0.2);
    counter.add(120_000_000);
    const latency = counter.latency();
    expect(latency.count).toBe(2);
    expect(latency.maxMicros).toBe(120_000_000);
    expect(latency.counts.reduce((a, b) => a + b, 0)).toBe(2);
  });

  it('is unknown, not zero, without a value', () => {
    expect(new LatencyCounter().latency()).toMatchObject({
      count: 0,
      p50Micros: null,
      maxMicros: null,
    });
  });

  it('falls into bars of about a quarter more each, the end of a bar included', () => {
    const ends = [1, 1.25, 1.6, 2, 2.5, 3.15, 4, 5, 6.3, 8, 10, 12.5];
    expect(latencyOf(1, 12.5).upToMicros).toEqual(ends);
    expect(latencyOf(1, 1.25, 1.2501, 1.6, 10, 10.1).counts).toEqual([
      ...[1, 1, 2, 0, 0, 0, 0, 0, 0, 0, 1, 1],
    ]);
    expect(latencyOf(40e6, 60e6).upToMicros).toEqual([40e6, 50e6, 60e6]);
    expect(latencyOf(61e6)).toMatchObject({ upToMicros: [60e6], counts: [1], maxMicros: 61e6 });
  });

  it('leaves out bars before the first and after the last', () => {
    expect(latencyOf(100, 130, 200)).toMatchObject({
      upToMicros: [100, 125, 160, 200],
      counts: [1, 0, 1, 1],
    });
  });

  it('has percentiles that no value exceeds', () => {
    const { p50Micros, p90Micros, p99Micros, maxMicros } = latencyOf(
      ...Array.from({ length: 100 }, (_, i) => 10_000 + i),
    );
    expect(
      [p50Micros, p90Micros, p99Micros, maxMicros].map((micros) => Math.round(micros! / 10)),
    ).toEqual([1_006, 1_010, 1_010, 1_010]);
    expect(latencyOf(10_003).p50Micros).toBe(10_003);
    expect(latencyOf(0.3)).toMatchObject({ p50Micros: 0.3, maxMicros: 0.3 });
    expect(latencyOf(2.6).p50Micros).toBe(2.6);
  });

  it('of a minute and more counts as a minute in percentiles', () => {
    expect(latencyOf(90e6).p50Micros! / 60e6).toBeCloseTo(1, 2);
  });

  it('is nothing at all where nothing was measured', () => {
    expect(latencyOf()).toEqual({
      ...{ count: 0, p50Micros: null, p90Micros: null, p99Micros: null, maxMicros: null },
      ...{ upToMicros: [], counts: [] },
    });
  });
});
