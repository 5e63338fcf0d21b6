import { type LineChart, type LineSeries, workerColour, workerDash } from '../figures/figure.ts';
import type { LiveView } from './live-view.ts';
import { HISTORY_SECONDS } from './live-view.ts';
import type { Second } from './protocol.ts';

/** More lines than this are drawn as a range: single ones would be mud. */
const MOST_LINES = 8;

/** What the charts need to know. */
export type ChartedView = Pick<LiveView, 'history' | 'workers'>;

/** Hit rate of each worker and of the one imagined cache, over the last minute. */
export function hitRateChart({ history, workers }: ChartedView): LineChart {
  const ages = agesOf(history);
  const lines = workers.map(
    ({ slot }, index): LineSeries => ({
      name: String(slot),
      points: history.map(({ hitRates }, at) => [ages[at]!, hitRates[index] ?? null]),
      colour: workerColour(slot),
      dash: workerDash(slot),
    }),
  );
  const oneCache: LineSeries = {
    name: 'one cache',
    points: history.map(({ oneCacheHitRate }, at) => [ages[at]!, oneCacheHitRate]),
    ...{ colour: 'ink', strong: true },
  };
  const crowded = workers.length > MOST_LINES;
  return {
    kind: 'lines',
    y: { label: '', format: 'percent', min: 0, max: 1 },
    series: [...(crowded ? [rangeOf(lines)] : lines), oneCache],
    ...commonParts(history, ages),
  };
}

/** Database queries per second, real and imagined. */
export function originChart({ history }: Pick<ChartedView, 'history'>): LineChart {
  const ages = agesOf(history);
  const line = (name: string, value: (second: Second) => number): LineSeries => ({
    name,
    points: history.map((second, at) => [ages[at]!, value(second)]),
    colour: 'ink',
    strong: true,
  });
  return {
    kind: 'lines',
    y: { label: '', format: 'count', min: 0 },
    series: [
      {
        ...line('this fleet', ({ originQueries }) => originQueries),
        colour: 'origin',
        filled: true,
      },
      line('one cache', ({ oneCacheOriginQueries }) => oneCacheOriginQueries),
    ],
    ...commonParts(history, ages),
  };
}

/** The same axis of time, and what the presenter did. */
function commonParts(history: readonly Second[], ages: readonly number[]) {
  return {
    x: { label: '', format: 'count', min: -HISTORY_SECONDS, max: 0 },
    ticks: [-HISTORY_SECONDS, -HISTORY_SECONDS / 2, 0],
    // In charts so small a label would bury the lines: lastEvent says it beside them.
    events: history.flatMap(({ events = [] }, at) =>
      events.length > 0 ? [{ x: ages[at]!, label: '' }] : [],
    ),
  } as const;
}

/** Seconds before the last one, as negative numbers. */
function agesOf(history: readonly Second[]): number[] {
  const last = history.at(-1)?.at ?? 0;
  return history.map(({ at }) => at - last);
}

/** From the lowest worker to the highest, and their mean. */
function rangeOf(lines: readonly LineSeries[]): LineSeries {
  const known = (at: number) => lines.flatMap(({ points }) => points[at]![1] ?? []);
  const points = lines[0]!.points.map(([x], at): [number, number | null] => {
    const rates = known(at);
    return [x, rates.length === 0 ? null : rates.reduce((a, b) => a + b, 0) / rates.length];
  });
  return {
    name: `workers 1–${lines.length}`,
    points,
    band: points.map(([, mean], at) =>
      mean === null ? [null, null] : [Math.min(...known(at)), Math.max(...known(at))],
    ),
    ...{ colour: 'accent', strong: true },
  };
}

/** What the presenter did last in the charts' minute, and how long ago; empty where nothing. */
export function lastEvent(history: readonly Second[]): string {
  const at = history.findLastIndex(({ events = [] }) => events.length > 0);
  if (at < 0) return '';
  return `${-agesOf(history)[at]!}\u00a0s ago: ${history[at]!.events!.join(', ')}`;
}
