import type { Exhibit } from '../record.ts';

/** One exhibit of each kind, for tests of the report. */
export const SAMPLE_EXHIBITS: Exhibit[] = [
  {
    kind: 'lines',
    id: 'staleness',
    title: 'Reads that were out of date',
    caption: 'After an update on one worker.',
    x: { label: 'since the update', unit: 's' },
    y: { label: 'stale reads', unit: '%' },
    series: [
      {
        name: 'worker 2',
        role: 'measured',
        points: [
          [0, 74],
          [1, 75],
          [2, null],
          [3, 40],
        ],
      },
      {
        name: 'theory',
        role: 'expected',
        points: [
          [0, 75],
          [3, 75],
        ],
      },
    ],
    events: [{ x: 1, label: 'updated' }],
  },
  {
    kind: 'bars',
    id: 'let-through',
    title: 'Requests let through',
    caption: 'With a limit of 10.',
    categories: ['1 worker', '4 workers'],
    y: { label: 'requests', unit: '' },
    series: [
      { name: 'measured', role: 'measured', values: [10, 38] },
      { name: 'expected', role: 'expected', values: [10, null] },
    ],
  },
  {
    kind: 'strip',
    id: 'sessions',
    title: 'Who knew the session',
    caption: 'One client, page after page.',
    step: 'page',
    rows: [
      {
        label: 'worker 1',
        cells: [
          { state: 'good', text: '', detail: 'worker 1 knew it' },
          { state: 'empty', text: '', detail: '' },
          { state: 'neutral', text: 'login', detail: 'logged in again' },
        ],
      },
      {
        label: 'worker 2',
        cells: [
          { state: 'empty', text: '', detail: '' },
          { state: 'bad', text: '', detail: 'worker 2 did not know it' },
        ],
      },
    ],
    legend: {
      good: 'recognised',
      bad: 'not recognised',
      neutral: 'something else',
      empty: 'another worker',
    },
  },
  {
    kind: 'table',
    id: 'compared',
    title: 'Local and shared',
    caption: '',
    columns: ['', 'local memory', 'Redis'],
    rows: [
      ['shared by all workers', false, true],
      ['one lookup, µs', 1.5, 73],
      ['survives a restart', false, null],
    ],
  },
];
