import { expect, test } from 'vitest';
import { chartTable } from './chart-table.ts';
import type { LineChart } from './figure.ts';

const x = { label: 'requests sent', format: 'count' } as const;
const y = { label: 'hit rate', format: 'percent' } as const;

test('bars are a row each, and what has no value is told in words', () => {
  const series = [
    { name: 'A', values: [0.5, null], colour: 'ink' },
    { name: 'B', values: [0.25, 0.75], colour: 'ink' },
  ] as const;
  const categories = ['1 worker', '4 workers'];
  const chart = { kind: 'bars', x: 'arm', categories, y, series, missing: 'not known' } as const;
  expect(chartTable(chart)).toEqual({
    columns: [
      { label: 'arm', format: null },
      { label: 'A', format: 'percent' },
      { label: 'B', format: 'percent' },
    ],
    rows: [
      ['1 worker', 0.5, 0.25],
      ['4 workers', 'not known', 0.75],
    ],
  });
});

test('lines share their rows, with the ends of a band and what stands behind each point', () => {
  const chart: LineChart = {
    ...{ kind: 'lines', x, y, events: [], missing: 'no traffic' },
    series: [
      { name: 'one', points: [[20, 0.5]], n: [9], colour: 'ink' },
      {
        ...{ name: 'fleet', colour: 'accent' },
        points: [
          [10, 0.2],
          [20, null],
        ],
        band: [
          [0.1, 0.3],
          [null, null],
        ],
      },
    ],
  };
  const { columns, rows } = chartTable(chart);
  expect(columns.map(({ label, format }) => `${label} ${format}`)).toEqual([
    ...['requests sent count', 'one percent', 'one: n count'],
    ...['fleet percent', 'fleet: lowest percent', 'fleet: highest percent'],
  ]);
  expect(rows).toEqual([
    [10, null, null, 0.2, 0.1, 0.3],
    [20, 0.5, 9, 'no traffic', 'no traffic', 'no traffic'],
  ]);
});
