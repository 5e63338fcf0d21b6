import { describe, expect, test } from 'vitest';
import { SAMPLE_EXHIBITS } from '../fixtures/sample-record.ts';
import { distinctRecord } from '../record/fixtures/distinct-figures.ts';
import type { Exhibit, ExhibitOf } from '../record/schema.ts';
import { exhibitFigures } from './exhibits.ts';
import type { BarChart, LineChart } from './figure.ts';

const figuresOf = (...exhibits: Exhibit[]) => exhibitFigures(distinctRecord([], { exhibits }));
const [lines, bars, strip, table] = SAMPLE_EXHIBITS as [
  ...[ExhibitOf<'lines'>, ExhibitOf<'bars'>, ExhibitOf<'strip'>, ExhibitOf<'table'>],
];
type Role = 'measured' | 'expected' | 'computed';

test('every exhibit keeps its words, its order, and an anchor apart from those of a report', () => {
  const figures = figuresOf(lines, bars, strip, table);
  expect(figures.map(({ id, title, caption }) => [id, title, caption])).toEqual([
    ['exhibit-staleness', 'Reads that were out of date', 'After an update on one worker.'],
    ['exhibit-let-through', 'Requests let through', 'With a limit of 10.'],
    ['exhibit-sessions', 'Who knew the session', 'One client, page after page.'],
    ['exhibit-compared', 'Local and shared', ''],
  ]);
  expect(figures[3]).toMatchObject({ chart: null, table });
  expect(figures[2]!.chart).toBeNull();
});

test('an anchor that no address may have is a number', () => {
  const anchors = ['ok_1', 'a b', 'x<', '"y', ''].map((id) => ({ ...table, id }));
  expect(figuresOf(...anchors).map(({ id }) => id)).toEqual([
    ...['exhibit-ok_1', 'exhibit-2', 'exhibit-3', 'exhibit-4', 'exhibit-5'],
  ]);
});

test('a chart has a table of its values, each beside its place', () => {
  const [curves, columns] = figuresOf(lines, bars);
  expect(curves!.table.rows).toEqual([
    [0, 0.74, 0.75],
    [1, 0.75, null],
    [2, null, null],
    [3, 0.4, 0.75],
  ]);
  expect(columns!.table.rows).toEqual([
    ['1 worker', 10, 10],
    ['4 workers', 38, 'not known'],
  ]);
});

describe('lines', () => {
  const chartOf = (...series: [name: string, role: Role, points?: number][]) =>
    figuresOf({
      ...lines,
      series: series.map(([name, role, points = 2]) => ({
        ...{ name, role, points: Array.from({ length: points }, (_, x) => [x, 0.5]) },
      })) as ExhibitOf<'lines'>['series'],
    })[0]!.chart as LineChart;

  test('have axes, points and events as they came', () => {
    expect(figuresOf(lines)[0]!.chart).toEqual({
      ...{ kind: 'lines', x: lines.x, events: [{ x: 1, label: 'updated' }] },
      y: { label: 'stale reads', format: 'percent', max: 1 },
      series: [
        {
          ...{ name: 'worker 2', points: lines.series[0]!.points },
          ...{ colour: 'worker-2', dash: 'solid', marked: true },
        },
        {
          ...{ name: 'theory', points: lines.series[1]!.points },
          ...{ colour: 'ink', dash: 'dashed', marked: false },
        },
      ],
    });
  });

  test('of a worker have its colour, expectations are ink and dashed, and all others differ', () => {
    const { series } = chartOf(
      ['worker 3', 'measured'],
      ['Worker 12', 'expected'],
      ['worker 0', 'measured'],
      ['a worker 3', 'computed'],
      ['worker 3 of 4', 'measured'],
      ['theory', 'expected'],
    );
    expect(series.map(({ name, colour, dash }) => [name, colour, dash])).toEqual([
      ['worker 3', 'worker-3', 'solid'],
      ['Worker 12', 'worker-4', 'dashed'],
      ['worker 0', 'worker-1', 'dash-dot'],
      ['a worker 3', 'evicted', 'solid'],
      ['worker 3 of 4', 'cold', 'dotted'],
      ['theory', 'ink', 'dashed'],
    ]);
  });

  test('have marks where there are few points and they are measured', () => {
    const { series } = chartOf(
      ['few', 'measured', 40],
      ['many', 'measured', 41],
      ['computed', 'computed', 40],
      ['theory', 'expected', 2],
    );
    expect(series.map(({ marked }) => marked)).toEqual([true, false, true, false]);
  });
});

describe('bars', () => {
  test('have values as they came, and hatches where they are expected', () => {
    expect(figuresOf(bars)[0]!.chart).toEqual({
      ...{ kind: 'bars', categories: ['1 worker', '4 workers'], x: '', missing: 'not known' },
      y: { label: 'requests', format: 'count' },
      series: [
        { name: 'measured', values: [10, 38], colour: 'accent' },
        { name: 'expected', values: [10, null], colour: 'ink', pattern: 'hatched' },
      ],
    });
  });

  test.each<[string, (number | null)[], 'percent' | 'count', number | undefined]>([
    ['shares above 40 %', [0.1, 0.41, null], 'percent', 1],
    ['all of it', [1], 'percent', 1],
    ['nothing', [0, null], 'percent', 1],
    ['small shares', [0.4, 0.1], 'percent', undefined],
    ['more than all', [0.5, 1.01], 'percent', undefined],
    ['counts', [0.5], 'count', undefined],
  ])(
    'of shares are drawn against the whole where that can be read: %s',
    (_, values, format, max) => {
      const y = { label: 'y', format };
      const series = [{ name: 'a', role: 'measured' as const, values }];
      const [figure] = figuresOf({ ...bars, y, series });
      expect((figure!.chart as BarChart).y.max).toBe(max);
      const points = values.map((value, x): [number, number | null] => [x, value]);
      const [line] = figuresOf({ ...lines, y, series: [{ ...series[0]!, points }] });
      expect((line!.chart as LineChart).y.max).toBe(max);
    },
  );
});

describe('a strip', () => {
  test('has a cell for each step, its sign, its words, and a legend', () => {
    const { picture } = figuresOf(strip)[0]!;
    expect(picture!.text).toBe(
      `<div class="scroll" role="region" aria-label="Who knew the session: strip" tabindex="0"><table class="strip"><tbody>
<tr><th scope="row">worker 1</th><td class="good" title="page 1: worker 1 knew it">✓</td><td class="empty" title="page 2: another worker"></td><td class="neutral" title="page 3: logged in again">login</td></tr>
<tr><th scope="row">worker 2</th><td class="empty" title="page 1: another worker"></td><td class="bad" title="page 2: worker 2 did not know it">✗</td></tr>
</tbody></table></div>
<p class="legend"><span><span class="key good">✓</span> recognised</span> <span><span class="key bad">✗</span> not recognised</span> <span><span class="key neutral">·</span> something else</span> <span><span class="key empty"></span> another worker</span> </p>`,
    );
  });

  test('has a sign for what is neither, and no legend for what it has no word for', () => {
    const cell = { state: 'neutral', text: '', detail: '' } as const;
    const legend = { good: '', bad: 'lost', neutral: 'other', empty: '' };
    const { picture, table } = figuresOf({
      ...strip,
      legend,
      rows: [{ label: 'a', cells: [cell] }],
    })[0]!;
    expect(picture!.text).toContain('<td class="neutral" title="page 1: other">·</td>');
    expect(picture!.text.match(/class="key \w+"/g)).toEqual([
      ...['class="key bad"', 'class="key neutral"'],
    ]);
    expect(table.rows).toEqual([[1, 'other']]);
  });

  test('has a table with a row for each step, as long as its longest row', () => {
    const cell = (text: string, detail = '') => ({ state: 'bad' as const, text, detail });
    const rows = [
      { label: 'a', cells: [cell('short')] },
      { label: 'b', cells: [cell('short', 'in full'), cell('')] },
    ];
    expect(figuresOf({ ...strip, rows })[0]!.table).toEqual({
      columns: [
        { label: 'page', format: 'count' },
        { label: 'a', format: null },
        { label: 'b', format: null },
      ],
      rows: [
        [1, 'short', 'in full'],
        [2, null, 'not recognised'],
      ],
    });
    expect(figuresOf({ ...strip, rows: [] })[0]!.table.rows).toEqual([]);
  });
});

test('steps with names have them over their columns and in the table; others are counted', () => {
  const named = { ...strip, stepNames: ['first <page>', 'second', 'third'] };
  const [plain, shown] = figuresOf(strip, named);
  expect(shown!.picture!.text).toContain(
    `<thead><tr><th scope="col">${strip.step}</th><th scope="col">first &lt;page&gt;</th><th scope="col">second</th><th scope="col">third</th></tr></thead>`,
  );
  expect(shown!.table.columns.map(({ label }) => label)).toEqual([strip.step, ...named.stepNames]);
  expect(shown!.table.rows.map(([name]) => name)).toEqual(['worker 1', 'worker 2']);
  expect(plain!.picture!.text).not.toContain('<thead>');
  expect(plain!.table.rows.map(([name]) => name)).toEqual([1, 2, 3]);
});
