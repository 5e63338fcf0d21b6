import { describe, expect, test } from 'vitest';
import { distinctArm, distinctPhase, distinctRecord } from '../record/fixtures/distinct-figures.ts';
import type { Arm, Phase } from '../record/schema.ts';
import type { LineChart } from './figure.ts';
import { sweepFigures } from './sweep.ts';

/** A fleet of each size, each with figures of its own. */
const fleets = (sizes: number[], given: Partial<Arm> = {}, name = 'traffic') =>
  sizes.map((workers) =>
    distinctArm(`${workers} of ${given.backend ?? 'locmem'}`, [distinctPhase(name, workers)], {
      ...{ ...given, workers },
    }),
  );
const figuresOf = (...arms: Arm[]) => sweepFigures(distinctRecord(arms));
const linesOf = (...arms: Arm[]) =>
  figuresOf(...arms).map(({ chart }) => (chart as LineChart).series);
const namesOf = (...arms: Arm[]) => linesOf(...arms)[0]?.map(({ name }) => name);

test('a sweep has what was measured by the number of workers, and what theory expects', () => {
  const [rates, misses, ...more] = figuresOf(...fleets([4, 1, 2]));
  expect(more).toEqual([]);
  const band = (half: number, ...values: number[]) =>
    values.map((value) => [expect.closeTo(value - half), expect.closeTo(value + half)]);
  expect(rates).toEqual({
    id: 'sweep-hit-rate',
    title: 'Hit rate over the number of workers',
    caption:
      'The same traffic for every fleet. Points are measured; the dashed line is what theory expects for the requests that each worker really got, the band its interval.',
    chart: {
      ...{ kind: 'lines', events: [], ticks: [1, 2, 4] },
      x: { label: 'workers (logarithmic)', format: 'count', scale: 'logarithmic' },
      y: { label: 'hit rate (% of lookups)', format: 'percent', max: 1 },
      series: [
        {
          ...{ name: 'expected by theory', colour: 'ink', dash: 'dashed' },
          points: [
            [1, 0.046],
            [2, 0.047],
            [4, 0.049],
          ],
          band: band(0.002, 0.046, 0.047, 0.049),
        },
        {
          ...{ name: 'measured', colour: 'accent', marked: 'only', n: [153, 157, 165] },
          points: [
            [1, 0.041],
            [2, 0.042],
            [4, 0.044],
          ],
        },
      ],
    },
    table: {
      columns: [
        ...[
          { label: 'arm', format: null },
          { label: 'workers', format: 'count' },
          { label: 'lookups', format: 'count' },
        ],
        ...['hit rate', 'expected hit rate', 'from', 'to'].map((label) => ({
          ...{ label, format: 'percent' },
        })),
      ],
      rows: [
        ['1 of locmem', 1, 153, 0.041, 0.046, ...band(0.002, 0.046)[0]!],
        ['2 of locmem', 2, 157, 0.042, 0.047, ...band(0.002, 0.047)[0]!],
        ['4 of locmem', 4, 165, 0.044, 0.049, ...band(0.002, 0.049)[0]!],
      ],
    },
  });
  expect([misses!.id, misses!.title, misses!.caption]).toEqual([
    'sweep-misses',
    'Misses over the number of workers',
    'Every miss is a query to the database. Points are measured; the dashed line is what theory expects for the requests that each worker really got, the band its interval.',
  ]);
  expect((misses!.chart as LineChart).series.map(({ points }) => points)).toEqual([
    [
      [1, 47],
      [2, 48],
      [4, 50],
    ],
    [
      [1, 117],
      [2, 120],
      [4, 126],
    ],
  ]);
});

describe('fleets of other kinds', () => {
  const cache = { maxEntries: 300, timeoutSeconds: 300, cullFrequency: 3 };
  const workload = { popularity: 'zipf', zipf: 0.8, keys: 200, seed: 1 } as const;

  test.each<[Partial<Arm>, string, string]>([
    [{ backend: 'redis' }, 'locmem', 'redis'],
    [{ launcher: 'pm2' }, 'cluster', 'pm2'],
    [{ routing: 'fresh' }, 'routing keep-alive', 'routing fresh'],
    [{ cache: { ...cache, maxEntries: 75 } }, '300 entries', '75 entries'],
    [{ cache: { ...cache, timeoutSeconds: null } }, 'timeout 300', 'timeout never'],
    [{ workload: { ...workload, keys: 99 } }, '200 keys, zipf 0.8', '99 keys, zipf 0.8'],
  ])('have curves of their own: %o', (given, usual, other) => {
    expect(namesOf(...fleets([1, 2, 4]), ...fleets([1, 2, 4], given))).toEqual([
      `expected by theory: ${usual}`,
      `measured: ${usual}`,
      `expected by theory: ${other}`,
      `measured: ${other}`,
    ]);
  });

  test('are named by all that sets them apart, in colours of their own', () => {
    const others = fleets([1, 2, 4], { backend: 'redis' }, 'steady');
    const [rates] = figuresOf(...fleets([2, 8, 16]), ...others);
    const { series, ticks } = rates!.chart as LineChart;
    expect(series.map(({ name, colour, dash }) => [name, colour, dash])).toEqual([
      ['expected by theory: locmem, traffic', 'accent', 'dashed'],
      ['measured: locmem, traffic', 'accent', undefined],
      ['expected by theory: redis, steady', 'origin', 'dashed'],
      ['measured: redis, steady', 'origin', undefined],
    ]);
    expect(ticks).toEqual([1, 2, 4, 8, 16]);
    expect(rates!.table.rows.map(([name]) => name)).toEqual([
      ...['2 of locmem', '8 of locmem', '16 of locmem'],
      ...['1 of redis', '2 of redis', '4 of redis'],
    ]);
  });

  test('of fewer than three sizes have none, also in several rounds', () => {
    expect(figuresOf(...fleets([1, 2]), ...fleets([1, 2], { round: 2 }))).toEqual([]);
    expect(namesOf(...fleets([1, 2, 4]), ...fleets([1, 2], { backend: 'redis' }))).toEqual([
      ...['expected by theory', 'measured'],
    ]);
  });
});

test('rounds are points of the same curve, beside one expectation', () => {
  const later = fleets([1, 2, 4], { round: 2 });
  for (const { phases } of later) phases[0]!.totals.hitRate! += 0.1;
  const [[line, points] = []] = linesOf(...fleets([1, 2, 4]), ...later);
  expect(line!.points.map(([workers]) => workers)).toEqual([1, 2, 4]);
  expect(points!.points.map(([x, y]) => [x, Number(y!.toFixed(3))])).toEqual([
    [1, 0.041],
    [1, 0.141],
    [2, 0.042],
    [2, 0.142],
    [4, 0.044],
    [4, 0.144],
  ]);
});

test('where theory speaks of fewer than three sizes, only what was measured is drawn', () => {
  const silent = (phase: Phase): Phase => ({ ...phase, expected: null });
  const arms = fleets([1, 2, 4, 8]).map((arm, index) =>
    index < 2 ? { ...arm, phases: arm.phases.map(silent) } : arm,
  );
  const [rates] = figuresOf(...arms);
  expect((rates!.chart as LineChart).series.map(({ name }) => name)).toEqual(['measured']);
  expect(rates!.caption).toBe('The same traffic for every fleet. Points are measured.');
});
