import { expect, it } from 'vitest';
import { SyntheticFleet } from './fixtures/synthetic-fleet.ts';
import { hitRateChart, lastEvent, originChart } from './live-charts.ts';
import type { Second } from './protocol.ts';

const second = (at: number, changes: Partial<Second> = {}): Second => ({
  ...{ at, hitRates: [0.5, null], oneCacheHitRate: 0.9 },
  ...{ originQueries: 30, oneCacheOriginQueries: 6 },
  ...changes,
});
const viewOf = (workers: number, history: readonly Second[]) => ({
  ...{ history, workers: new SyntheticFleet({ workers }).whole().workers },
});

it('has a line per worker and one for the imagined cache, up to now', () => {
  const { series, x } = hitRateChart(viewOf(2, [second(70), second(71), second(72)]));
  expect(series.map(({ name }) => name)).toEqual(['1', '2', 'one cache']);
  expect(series.map(({ points }) => points.at(-1))).toEqual([
    [0, 0.5],
    [0, null],
    [0, 0.9],
  ]);
  expect(series[0]!.points[0]).toEqual([-2, 0.5]);
  expect([x.min, x.max]).toEqual([-60, 0]);
});

it('draws many workers as a range with their mean', () => {
  const hitRates = [0.2, 0.4, null, 0.6, 0.4, 0.4, 0.4, 0.4, 0.4];
  const nobody = hitRates.map(() => null);
  const { series } = hitRateChart(
    viewOf(9, [second(1, { hitRates }), second(2, { hitRates: nobody })]),
  );
  expect(series.map(({ name }) => name)).toEqual(['workers 1–9', 'one cache']);
  expect(series[0]!.points[0]![1]).toBeCloseTo(0.4);
  expect(series[0]!.band).toEqual([
    [0.2, 0.6],
    [null, null],
  ]);
  expect(series[0]!.points[1]).toEqual([0, null]);
});

it('draws database queries, real and imagined, and marks what was done', () => {
  const history = [second(5, { events: ['rename 123', 'clear'] }), second(6)];
  const chart = originChart({ history });
  expect(chart.series.map(({ points }) => points.map(([, y]) => y))).toEqual([
    [30, 30],
    [6, 6],
  ]);
  expect(chart.events).toEqual([{ x: -1, label: '' }]);
  expect(lastEvent(history)).toBe('1\u00a0s ago: rename 123, clear');
  expect(lastEvent([second(6)])).toBe('');
});

it('is empty before the first second', () => {
  expect(hitRateChart(viewOf(1, [])).series.map(({ points }) => points)).toEqual([[], []]);
});
