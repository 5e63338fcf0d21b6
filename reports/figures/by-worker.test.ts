import { describe, expect, test } from 'vitest';
import { distinctArm, distinctPhase, distinctRecord } from '../record/fixtures/distinct-figures.ts';
import type { Arm, Phase } from '../record/schema.ts';
import { hitRateByWorker, loadFigures } from './by-worker.ts';
import type { BarChart } from './figure.ts';

/** A phase in which `workers` workers each have figures of their own. */
function phaseOf(workers: number, name = 'traffic', from = 0): Phase {
  const phase = distinctPhase(name, from);
  return {
    ...phase,
    workers: Array.from({ length: workers }, (_, index) => ({
      ...distinctPhase(name, from + 10 * index).workers[0]!,
      slot: index + 1,
    })),
  };
}
const one = distinctArm('1 worker', [phaseOf(1)], { workers: 1 });
const two = distinctArm('2 workers', [phaseOf(2)]);
const figuresOf = (...arms: Arm[]) => hitRateByWorker(distinctRecord(arms));
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

test('the hit rate of each worker has all that is known about it', () => {
  const [figure, ...more] = figuresOf(one, two);
  expect(more).toEqual([]);
  expect({ ...figure!, caption: plain(figure!.caption) }).toEqual({
    arm: two,
    id: 'hit-rate-by-worker-1',
    title: 'Hit rate of each worker, 2 workers',
    caption:
      'Each worker gets a share of the traffic and holds only what it has read itself. The line is 1 worker: 4.0 %.',
    chart: {
      ...{ kind: 'bars', x: 'worker', categories: ['worker 1', 'worker 2'], missing: 'no traffic' },
      y: { label: 'hit rate (% of lookups)', format: 'percent', max: 1 },
      series: [
        {
          ...{ name: 'hit rate', values: [0.109, 0.119], colour: 'accent' },
          colours: ['worker-1', 'worker-2'],
        },
      ],
      expected: {
        label: 'hit rate expected by theory',
        values: two.phases[0]!.workers.map(({ expected }) => expected!.hitRate),
      },
      reference: { value: 0.04, label: '1 worker' },
      n: { of: 'lookups', values: [422, 462] },
    },
    table: {
      columns: [
        ...['worker', 'pid'].map((label) => ({ label, format: null })),
        ...['connections', 'requests', 'lookups', 'hits', 'misses'].map((label) => ({
          ...{ label, format: 'count' },
        })),
        { label: 'hit rate', format: 'percent' },
        { label: 'expected hit rate', format: 'percent' },
        { label: 'entries', format: 'count' },
        { label: 'memory', format: 'bytes' },
      ],
      rows: [
        ['worker 1', '101', 102, 103, 422, 104, 318, 0.109, 0.124, 113, 114 * 2 ** 20],
        ['worker 2', '111', 112, 113, 462, 114, 348, 0.119, 0.134, 123, 124 * 2 ** 20],
      ],
    },
  });
});

test('workers that share their cache know more than they were asked for', () => {
  const [figure] = figuresOf(one, distinctArm('shared', [phaseOf(2)], { backend: 'redis' }));
  expect(plain(figure!.caption)).toBe(
    'Each worker gets a share of the traffic. The line is 1 worker: 4.0 %.',
  );
});

describe('the line across', () => {
  const lineIn = (...arms: Arm[]) =>
    figuresOf(...arms).map(({ chart }) => (chart as BarChart).reference);
  const unasked = phaseOf(1);
  unasked.totals.hitRate = null;
  const workload = { ...two.workload, keys: 201 };

  test.each<[string, Arm[]]>([
    ['is the baseline itself', [two]],
    ['asked for other keys', [one, { ...two, workload }]],
    ['has another phase', [one, distinctArm('2 workers', [phaseOf(2, 'restart')])]],
    ['was not asked', [distinctArm('1 worker', [unasked], { workers: 1 }), two]],
  ])('is left out where the baseline %s', (_why, arms) => {
    expect(lineIn(...arms)).toEqual([undefined]);
    expect(figuresOf(...arms)[0]!.caption).toMatch(/has read itself\.$/);
  });

  test('is that of the same phase', () => {
    const phases = (workers: number, from: number) => [
      phaseOf(workers, 'cold', from),
      phaseOf(workers, 'warm', from + 5),
    ];
    const arms = [
      distinctArm('1 worker', phases(1, 0), { workers: 1 }),
      distinctArm('2 workers', phases(2, 10)),
    ];
    expect(lineIn(...arms)).toEqual([
      { value: 0.04, label: '1 worker' },
      { value: 0.045, label: '1 worker' },
    ]);
    expect(figuresOf(...arms).map(({ title }) => title)).toEqual([
      'Hit rate of each worker, 2 workers · cold',
      'Hit rate of each worker, 2 workers · warm',
    ]);
  });
});

test('more than eight workers have numbers in place of names, and the range in place of counts', () => {
  const [eight, nine] = figuresOf(
    distinctArm('8 workers', [phaseOf(8)]),
    distinctArm('9 workers', [phaseOf(9)]),
  );
  const [named, numbered] = [eight!.chart as BarChart, nine!.chart as BarChart];
  expect(named.categories.at(-1)).toBe('worker 8');
  expect(named.n!.values).toHaveLength(8);
  expect(eight!.caption).not.toContain('n =');
  expect(numbered.categories).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9']);
  expect(numbered).not.toHaveProperty('n');
  expect(numbered.series[0]!.colours!.slice(-2)).toEqual(['worker-8', 'worker-1']);
  expect(nine!.caption).toMatch(/: 4\.0\u00a0%\. Each was asked n = 422 to 742 times\.$/);
});

describe('how the traffic fell on the workers', () => {
  test('is told by requests and connections', () => {
    const figures = loadFigures(distinctRecord([one, two]));
    const chart = {
      ...{ kind: 'bars', x: 'worker', categories: ['worker 1', 'worker 2'], missing: 'no traffic' },
    };
    const look = { colour: 'accent', colours: ['worker-1', 'worker-2'] };
    const columns = (name: string) => [
      { label: 'worker', format: null },
      { label: name, format: 'count' },
    ];
    expect(figures).toEqual([
      {
        arm: two,
        id: 'requests-by-worker-1',
        title: 'Requests of each worker, 2 workers',
        caption: 'A worker answers all requests on its connections.',
        chart: {
          ...{ ...chart, y: { label: 'requests answered', format: 'count' } },
          series: [{ name: 'requests', values: [103, 113], ...look }],
        },
        table: {
          columns: columns('requests'),
          rows: [
            ['worker 1', 103],
            ['worker 2', 113],
          ],
        },
      },
      {
        arm: two,
        id: 'connections-by-worker-1',
        title: 'Connections of each worker, 2 workers',
        caption:
          'node:cluster and its like hand out connections, not requests: a keep-alive connection stays with its worker.',
        chart: {
          ...{ ...chart, y: { label: 'connections accepted', format: 'count' } },
          series: [{ name: 'connections', values: [102, 112], ...look }],
        },
        table: {
          columns: columns('connections'),
          rows: [
            ['worker 1', 102],
            ['worker 2', 112],
          ],
        },
      },
    ]);
  });

  test('is told by requests alone where no connection was kept', () => {
    const phase = phaseOf(2);
    for (const worker of phase.workers) worker.connections = 0;
    const figures = loadFigures(distinctRecord([two, distinctArm('unkept', [phase])]));
    expect(figures.map(({ id }) => id)).toEqual([
      ...['requests-by-worker-1', 'connections-by-worker-1', 'requests-by-worker-2'],
    ]);
  });
});

test('a fleet that looked nothing up has no hit rate, but did work', () => {
  const phase = phaseOf(2);
  phase.totals = { ...phase.totals, hits: 0, misses: { cold: 0, expired: 0, evicted: 0 } };
  const silent = distinctArm('sessions', [phase]);
  expect(figuresOf(silent, two).map(({ id, arm }) => [id, arm!.name])).toEqual([
    ['hit-rate-by-worker-1', '2 workers'],
  ]);
  expect(loadFigures(distinctRecord([silent]))).toHaveLength(2);
});
