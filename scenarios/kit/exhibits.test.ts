import { expect, test } from 'vitest';
import { bars, contrast, lines, strip, table, tableByArm } from './exhibits.ts';

const head = { id: 'an-id', title: 'A title', caption: 'What to see.' };
const arms = [
  { name: 'one', value: 1 },
  { name: 'two', value: null },
];

test('bars: one for each subject and series, measured unless said otherwise', () => {
  const y = { label: 'hits', format: 'count' } as const;
  const series = [
    { name: 'seen', of: ({ value }: { value: number | null }) => value },
    { name: 'so it should be', role: 'expected' as const, of: () => 7 },
  ];
  expect(bars(arms, { ...head, y, series })).toEqual({
    ...{ kind: 'bars', ...head, y, categories: ['one', 'two'] },
    series: [
      { name: 'seen', role: 'measured', values: [1, null] },
      { name: 'so it should be', role: 'expected', values: [7, 7] },
    ],
  });
});

test('lines: with events or without, measured unless said otherwise', () => {
  const axes = {
    x: { label: 'time', format: 'seconds' },
    y: { label: 'hit rate', format: 'percent' },
  } as const;
  const points = [
    [0, 0.5],
    [1, null],
  ] as const;
  const drawn = [
    {
      name: 'seen',
      role: 'measured',
      points: [
        [0, 0.5],
        [1, null],
      ],
    },
    { name: 'drawn', role: 'computed', points: [] },
  ];
  const series = [
    { name: 'seen', points },
    { name: 'drawn', role: 'computed' as const, points: [] },
  ];
  const figure = { kind: 'lines', ...head, ...axes, series: drawn };
  expect(lines({ ...head, ...axes, series })).toEqual({ ...figure, events: [] });
  const events = [{ x: 1, label: 'restarted' }];
  expect(lines({ ...head, ...axes, series, events })).toEqual({ ...figure, events });
});

test('tables: a row for each, and how the numbers of a column are written', () => {
  const columns = [
    ['arm', ({ name }: { name: string }) => name],
    ['hits', ({ value }: { value: number | null }) => value, 'count'],
  ] as const;
  expect(table(arms, { ...head, columns })).toEqual({
    ...{ kind: 'table', ...head },
    columns: [
      { label: 'arm', format: null },
      { label: 'hits', format: 'count' },
    ],
    rows: [
      ['one', 1],
      ['two', null],
    ],
  });
});

test('tables by arm: several rows of each, its name in front', () => {
  const columns = [['squared', (value: number) => value ** 2, 'count']] as const;
  expect(tableByArm(arms, ({ value }) => (value ? [2, 3] : [4]), { ...head, columns })).toEqual({
    ...{ kind: 'table', ...head },
    columns: [
      { label: 'arm', format: null },
      { label: 'squared', format: 'count' },
    ],
    rows: [
      ['one', 4],
      ['one', 9],
      ['two', 16],
    ],
  });
});

test('strips: a row of each, a cell of each step', () => {
  const figure = {
    ...{ ...head, step: 'question' },
    legend: { good: 'a', bad: 'b', neutral: 'c', empty: 'd' },
  };
  const drawn = strip([1, 2], {
    ...figure,
    label: (slot) => `worker ${slot}`,
    steps: (slot) => (slot === 1 ? [['good', 'hit', 'it knew']] : []),
  });
  expect(drawn).toEqual({
    ...{ kind: 'strip', ...figure },
    rows: [
      { label: 'worker 1', cells: [{ state: 'good', text: 'hit', detail: 'it knew' }] },
      { label: 'worker 2', cells: [] },
    ],
  });
});

test('at a glance: one worker beside the most caches, whatever their order', () => {
  const arm = (name: string, workers: number, backend: 'locmem' | 'redis', hits: number) => ({
    ...{ name, workers, backend, hits },
  });
  const [four, redis, one] = [
    arm('4 workers', 4, 'locmem', 60),
    arm('8 workers, redis', 8, 'redis', 94),
    arm('1 worker', 1, 'locmem', 95),
  ];
  expect(
    contrast(
      [redis, four, one],
      [
        ['hits', ({ hits }) => hits],
        ['share', ({ hits }) => hits / 100, 'percent'],
      ],
    ),
  ).toEqual({
    ...{ before: '1 worker', after: '4 workers' },
    figures: [
      { label: 'hits', format: 'count', before: 95, after: 60 },
      { label: 'share', format: 'percent', before: 0.95, after: 0.6 },
    ],
  });
  expect(contrast([one], [])).toBeNull();
  expect(contrast([four, redis], [])).toBeNull();
});
