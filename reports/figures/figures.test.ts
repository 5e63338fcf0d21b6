import { describe, expect, it } from 'vitest';
import { sampleRecord } from '../fixtures/sample-record.ts';
import type { Latency } from '../record/schema.ts';
import { stretchOf } from './bins.ts';
import type { Figure, LineChart } from './figure.ts';
import { figureGroups } from './index.ts';
import { mergeLatencies } from './latency.ts';

const figuresOf = (...args: Parameters<typeof sampleRecord>) =>
  figureGroups(sampleRecord(...args)).flatMap((group) => [...group.figures, ...group.folded]);
const byId = (figures: Figure[], id: string) => figures.find((figure) => figure.id === id)!;

describe('every figure', () => {
  const figures = figuresOf({ workers: [1, 2, 4, 8, 16], restartAt: 900, idleWorker: true });
  it('has an anchor of its own and a table', () => {
    expect(new Set(figures.map((figure) => figure.id)).size).toBe(figures.length);
    for (const figure of figures) expect(figure.table.rows.length).toBeGreaterThan(0);
  });
  it('has a cell for each of its columns', () => {
    for (const { id, table } of figures) {
      for (const row of table.rows) expect([id, row.length]).toEqual([id, table.columns.length]);
    }
  });
});

it('says "no traffic" of a worker that was not asked, never 0 %', () => {
  const figures = figuresOf({ workers: [1, 4], idleWorker: true });
  const figure = byId(figures, 'hit-rate-by-worker-1');
  expect(figure.chart?.kind === 'bars' && figure.chart.series[0]!.values[3]).toBeNull();
  expect(figure.table.rows[3]).toContainEqual({ none: 'no traffic' });
});

it('draws the sweep only when there are three worker counts to sweep over', () => {
  expect(byId(figuresOf({ workers: [1, 4] }), 'sweep-misses')).toBeUndefined();
  const chart = byId(figuresOf({ workers: [1, 2, 4] }), 'sweep-misses').chart as LineChart;
  expect(chart.series.map((series) => series.points.map(([x]) => x))).toEqual([
    [1, 2, 4],
    [1, 2, 4],
  ]);
});

it('draws a curve for each backend when several are swept', () => {
  const record = sampleRecord({ workers: [1, 2, 4] });
  const shared = structuredClone(record.arms).map((arm) => ({
    ...arm,
    name: `${arm.name}, redis`,
    backend: 'redis',
  }));
  const figures = figureGroups({ ...record, arms: [...record.arms, ...shared] }).flatMap(
    (group) => group.figures,
  );
  const chart = byId(figures, 'sweep-misses').chart as LineChart;
  expect(chart.series.map((series) => series.name)).toEqual([
    'expected by theory: locmem',
    'measured: locmem',
    'expected by theory: redis',
    'measured: redis',
  ]);
});

it('draws many workers as a range that holds each of them', () => {
  const record = sampleRecord({ workers: [1, 16] });
  const figures = figureGroups(record).flatMap((group) => group.figures);
  const chart = byId(figures, 'over-the-run-1').chart as LineChart;
  const fleet = chart.series.find((series) => series.band)!;
  expect(chart.series).toHaveLength(2);
  fleet.points.forEach(([, rate], index) => {
    const [low, high] = fleet.band![index]!;
    expect(rate).toBeGreaterThanOrEqual(low!);
    expect(rate).toBeLessThanOrEqual(high!);
  });
});

it('takes stretches with enough lookups for each line, and never less than ten of them', () => {
  const [one, sixteen] = sampleRecord({ workers: [1, 16] }).arms;
  expect(stretchOf(one!, 1)).toBe(100);
  expect(stretchOf(sixteen!, 16)).toBe(400);
});

describe('latencies of several workers', () => {
  const latency = (upToMicros: number[], counts: number[]): Latency => ({
    count: counts.reduce((a, b) => a + b, 0),
    p50Micros: null,
    p90Micros: null,
    p99Micros: null,
    maxMicros: null,
    upToMicros,
    counts,
  });
  it('are added bar by bar', () => {
    const merged = mergeLatencies([latency([100, 125], [3, 4]), latency([125, 160], [5, 6])]);
    expect(merged.count).toBe(18);
    expect(merged.buckets.map((bar) => [bar.upToMicros, bar.count])).toEqual([
      [100, 3],
      [125, 9],
      [160, 6],
    ]);
  });
  it('keep the gap between a fast worker and a slow one', () => {
    const merged = mergeLatencies([latency([100, 125], [1, 1]), latency([800, 1000], [1, 1])]);
    expect(merged.buckets[2]!.fromMicros).toBeCloseTo(640);
  });
  it('are nothing when nothing was answered', () => {
    expect(mergeLatencies([latency([], [])])).toEqual({ count: 0, buckets: [] });
  });
});
