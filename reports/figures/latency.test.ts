import { describe, expect, it, test } from 'vitest';
import { distinctArm, distinctPhase, distinctRecord } from '../record/fixtures/distinct-figures.ts';
import type { Arm, Latency } from '../record/schema.ts';
import type { LineChart } from './figure.ts';
import { latencyFigures, outline } from './latency.ts';

const latency = (upToMicros: number[], counts: number[]): Latency => ({
  count: counts.reduce((a, b) => a + b, 0),
  ...{ p50Micros: null, p90Micros: null, p99Micros: null, maxMicros: null },
  ...{ upToMicros, counts },
});

describe('latencies of several workers', () => {
  const drawn = (...latencies: Latency[]) =>
    outline('hits', latencies, { colour: 'hit' }).points.map(([micros, share]) => [
      ...[Math.round(micros), share],
    ]);

  it('are added bar by bar, each from where the one before ends', () => {
    expect(drawn(latency([100, 125], [3, 4]), latency([125, 160], [5, 6]))).toEqual([
      [78, 3 / 18],
      [100, 9 / 18],
      [125, 6 / 18],
      [160, 0],
    ]);
  });

  it('keep the gap between a fast worker and a slow one', () => {
    expect(drawn(latency([100, 125], [1, 1]), latency([800, 1000], [1, 1]))).toEqual([
      ...[
        [78, 0.25],
        [100, 0.25],
        [125, 0],
        [620, 0.25],
        [800, 0.25],
        [1000, 0],
      ],
    ]);
  });

  it('have no gap before a bar as wide as bars may be', () => {
    expect(drawn(latency([100, 129], [1, 3]))).toEqual([
      [78, 0.25],
      [100, 0.75],
      [129, 0],
    ]);
  });

  it('are nothing when nothing was answered', () => {
    expect(drawn(latency([], []))).toEqual([]);
  });
});

test('hits and misses are the outlines of two histograms over each other', () => {
  const phase = distinctPhase('traffic', 0);
  for (const worker of phase.workers) {
    worker.hitLatency = { ...worker.hitLatency, upToMicros: [129], counts: [worker.slot] };
    worker.missLatency = { ...worker.missLatency, upToMicros: [1_290], counts: [4] };
  }
  const arm = distinctArm('2 workers', [phase]);
  expect(latencyFigures(distinctRecord([arm]))).toEqual([
    {
      arm,
      id: 'latency-1',
      title: 'How long an answer took, 2 workers',
      caption:
        'The share of hits, and of misses, that took about this long. Timed at the client, from sending to the answer. This includes waiting in the server behind other requests, but not requests that a slow server kept from being sent (coordinated omission): each connection sends its next request when the last is answered.',
      chart: {
        ...{ kind: 'lines', events: [] },
        x: {
          ...{ label: 'latency (logarithmic)', format: 'micros', scale: 'logarithmic' },
          ...{ min: 100, max: 1_290 },
        },
        y: { label: 'share of responses (%)', format: 'percent', max: 1 },
        series: [
          {
            ...{ name: 'hits', colour: 'hit', stepped: true, filled: true, n: [3, 0] },
            points: [
              [100, 1],
              [129, 0],
            ],
          },
          {
            ...{ name: 'misses', colour: 'miss', dash: 'dashed', stepped: true, filled: true },
            points: [
              [1_000, 1],
              [1_290, 0],
            ],
            n: [8, 0],
          },
        ],
      },
      table: {
        columns: [
          { label: 'worker', format: null },
          { label: 'responses', format: null },
          { label: 'n', format: 'count' },
          ...['half within', '90 % within', '99 % within', 'longest'].map((label) => ({
            ...{ label, format: 'micros' },
          })),
        ],
        rows: [
          ['worker 1', 'hits', 100, 116, 9 * 116, 1_160, 11 * 116],
          ['worker 1', 'misses', 100, 120, 9 * 120, 1_200, 11 * 120],
          ['worker 2', 'hits', 100, 216, 9 * 216, 2_160, 11 * 216],
          ['worker 2', 'misses', 100, 220, 9 * 220, 2_200, 11 * 220],
        ],
      },
    },
  ]);
});

test('what nothing was measured of is not drawn', () => {
  const armOf = (hits: Latency, misses: Latency, given: Partial<Arm> = {}) => {
    const phase = distinctPhase('traffic', 0);
    for (const worker of phase.workers) {
      worker.hitLatency = hits;
      worker.missLatency = misses;
    }
    return distinctArm('a', [phase], given);
  };
  const [some, none] = [latency([100], [1]), latency([], [])];
  const figures = latencyFigures(
    distinctRecord([
      armOf(some, none, { ratePerSecond: 500 }),
      armOf(none, none),
      armOf(none, some),
    ]),
  );
  const lines = figures.map(({ id, chart }) => [
    ...[id, (chart as LineChart).series.map(({ name }) => name).join()],
  ]);
  expect(lines).toEqual([
    ['latency-1', 'hits'],
    ['latency-3', 'misses'],
  ]);
  expect(figures[0]!.caption).toBe(
    'The share of hits, and of misses, that took about this long. Timed at the client, from sending to the answer. This includes waiting in the server behind other requests, but not requests that a slow server kept from being sent (coordinated omission): 500 requests per second were due, as long as a connection was free.',
  );
});

test('figures side by side have the same axes, as wide as all of them need', () => {
  const armOf = (name: string, hits: Latency) => {
    const phase = distinctPhase('traffic', 0);
    for (const worker of phase.workers) {
      worker.hitLatency = hits;
      worker.missLatency = latency([], []);
    }
    return distinctArm(name, [phase]);
  };
  const fast = armOf('fast', latency([129, 160], [3, 4]));
  const slow = armOf('slow', latency([6_450, 8_000], [2, 1]));
  const axes = latencyFigures(distinctRecord([fast, slow])).map(({ chart }) => {
    const { x, y } = chart as LineChart;
    return { from: x.min, to: x.max, most: y.max };
  });
  const same = { from: 100, to: 8_000, most: 0.7 };
  expect(axes).toEqual([same, same]);
});
