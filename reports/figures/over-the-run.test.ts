import { describe, expect, test } from 'vitest';
import { distinctArm, distinctPhase, distinctRecord } from '../record/fixtures/distinct-figures.ts';
import type { Arm, Phase } from '../record/schema.ts';
import type { LineChart } from './figure.ts';
import { overTheRunFigures } from './over-the-run.ts';

type Events = Phase['events'];

/** Twenty requests in two bins; `hits` are those of each worker, and as many lookups missed. */
function phaseOf(hits: [number, number][], name = 'traffic', events: Events = []): Phase {
  const phase = distinctPhase(name, 0);
  const nothing = [0, 0];
  const workers = hits.map((counts, index) => ({
    ...{ slot: index + 1, requests: [10, 10], hits: counts },
    ...{ cold: counts, expired: nothing, evicted: nothing },
  }));
  const totals = { ...phase.totals, requests: 20 };
  return { ...phase, totals, bins: { requestsPerBin: 10, workers }, events };
}
const one = distinctArm('1 worker', [phaseOf([[8, 4]])], { workers: 1 });
const two = distinctArm('2 workers', [
  phaseOf([
    [3, 0],
    [2, 6],
  ]),
]);
const three = { ...two, name: '3 workers', workers: 3 };
const figuresOf = (...arms: Arm[]) => overTheRunFigures(distinctRecord(arms));
const chartsOf = (...arms: Arm[]) => figuresOf(...arms).map(({ chart }) => chart as LineChart);
const namesIn = (chart: LineChart | undefined) => chart?.series.map(({ name }) => name);
const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const axes = {
  x: { label: 'requests sent', format: 'count' },
  y: { label: 'hit rate (% of lookups)', format: 'percent', max: 1 },
};
const half = { points: [10, 20].map((end) => [end, 0.5]) };

test('the fleets are lines of one chart, by the stretch', () => {
  const [figure] = figuresOf(one, two, three);
  expect({ ...figure!, caption: plain(figure!.caption) }).toEqual({
    id: 'over-the-run',
    title: 'Hit rate over the run, fleet by fleet',
    caption:
      'Each point is the hit rate of one stretch of requests, not of all so far. A stretch is 10 requests.',
    chart: {
      ...{ kind: 'lines', ...axes, events: [], missing: 'no traffic', followsScrubber: true },
      series: [
        {
          ...{ name: '1 worker', ...half, n: [16, 8], colour: 'ink', dash: 'solid' },
          strong: true,
        },
        {
          ...{ name: '2 workers', ...half, n: [10, 12], colour: 'worker-2', dash: 'dashed' },
          strong: true,
        },
        {
          ...{ name: '3 workers', ...half, n: [10, 12], colour: 'accent', dash: 'dotted' },
          strong: true,
        },
      ],
    },
    table: {
      columns: [
        axes.x,
        ...['1 worker', '2 workers', '3 workers'].flatMap((label) => [
          { label, format: 'percent' },
          { label: `${label}: n`, format: 'count' },
        ]),
      ],
      rows: [
        [10, 0.5, 16, 0.5, 10, 0.5, 10],
        [20, 0.5, 8, 0.5, 12, 0.5, 12],
      ],
    },
  });
});

test('the workers are lines of a chart of their fleet, beside the baseline', () => {
  const [, figure, ...more] = figuresOf(one, two);
  expect(more).toEqual([]);
  expect({ ...figure!, caption: plain(figure!.caption), table: null }).toEqual({
    arm: two,
    id: 'over-the-run-1',
    title: 'Hit rate over the run, worker by worker, 2 workers',
    caption:
      'A gap is a stretch in which the worker got no request. A stretch is 10 requests to the fleet.',
    chart: {
      ...{ kind: 'lines', ...axes, events: [], missing: 'no traffic', followsScrubber: true },
      series: [
        { name: '1 worker', ...half, n: [16, 8], colour: 'ink', strong: true },
        {
          ...{ name: 'worker 1', n: [6, 0], colour: 'worker-1', dash: 'solid' },
          points: [
            [10, 0.5],
            [20, null],
          ],
        },
        { name: 'worker 2', ...half, n: [4, 12], colour: 'worker-2', dash: 'dashed' },
      ],
    },
    table: null,
  });
  expect(figure!.table.rows).toEqual([
    [10, 0.5, 16, 0.5, 6, 0.5, 4],
    [20, 0.5, 8, 'no traffic', 0, 0.5, 12],
  ]);
});

test('without another fleet to hold it against there is no baseline', () => {
  const charts = chartsOf(two, three);
  expect(charts.map(namesIn)).toEqual([
    ['2 workers', '3 workers'],
    ['worker 1', 'worker 2'],
    ['2 workers', 'worker 1', 'worker 2'],
  ]);
});

test('nothing is drawn of what was not counted by the stretch', () => {
  const uncounted = distinctArm('uncounted', [phaseOf([])]);
  expect(figuresOf(uncounted)).toEqual([]);
  expect(figuresOf()).toEqual([]);
  expect(chartsOf(uncounted, one).map(namesIn)).toEqual([['1 worker']]);
  const partly = distinctArm('partly', [phaseOf([], 'start'), ...one.phases], { workers: 1 });
  expect(chartsOf(partly).map(namesIn)).toEqual([['partly']]);
});

test('of several rounds the first stands for all among the fleets', () => {
  const rounds = [3, 2, 4].map((round) => ({ ...two, name: `round ${round}`, round }));
  expect(chartsOf(...rounds).map((chart) => namesIn(chart)![0])).toEqual([
    ...['round 2', 'worker 1', 'round 3', 'round 3'],
  ]);
});

describe('more than eight workers', () => {
  const crowd = (workers: number) =>
    distinctArm(
      'crowd',
      [phaseOf(Array.from({ length: workers }, (_, index) => [index === 0 ? 0 : index, 0]))],
      { workers },
    );

  test('are a line of the fleet, and a band from the lowest worker to the highest', () => {
    const phase = crowd(9).phases[0]!;
    // The first was asked nothing at first, the ninth knew everything, and then nobody was asked.
    phase.bins.workers[8]!.cold = [0, 0];
    const [, figure] = figuresOf(one, distinctArm('crowd', [phase], { workers: 9 }));
    expect((figure!.chart as LineChart).series.at(-1)).toEqual({
      ...{ name: 'crowd', colour: 'accent', strong: true, n: [64, 0] },
      points: [
        [10, 36 / 64],
        [20, null],
      ],
      band: [
        [0.5, 1],
        [null, null],
      ],
    });
    expect(namesIn(figure!.chart as LineChart)).toEqual(['1 worker', 'crowd']);
    expect(figure!.caption).toMatch(
      /^The line is the fleet; the band reaches from its lowest worker to its highest\. A stretch/,
    );
  });

  test('are that only from the ninth on', () => {
    expect(namesIn(chartsOf(crowd(8))[1])).toHaveLength(8);
    expect(namesIn(chartsOf(crowd(9))[1])).toEqual(['crowd']);
  });
});

test('every fleet is drawn by the longest stretch of any', () => {
  const long = structuredClone(two);
  long.phases[0]!.totals.requests = 1_000;
  const figures = figuresOf(one, long);
  expect(plain(figures[0]!.caption)).toContain('A stretch is 50 requests.');
  expect(plain(figures[1]!.caption)).toContain('A stretch is 100 requests to the fleet.');
});

describe('the events', () => {
  const event = (atRequest: number, label: string, slot: number | null = null) => ({
    ...{ atRequest, label, slot, atMillis: 77 },
  });
  const eventsOf = (...arms: Arm[]) => chartsOf(...arms)[0]!.events;
  const hits: [number, number][] = [[8, 4]];

  test('stand where they happened, with the worker unless their name has it', () => {
    const events = [event(3, 'reload'), event(5, 'killed', 2), event(9, 'worker 2 replaced', 2)];
    expect(eventsOf(distinctArm('a', [phaseOf(hits, 'traffic', events)]))).toEqual([
      { x: 3, label: 'reload' },
      { x: 5, label: 'killed (worker 2)' },
      { x: 9, label: 'worker 2 replaced' },
    ]);
  });

  test('begin with the name of each later phase, unless an event has it', () => {
    const phases = [
      phaseOf(hits, 'cold', [event(2, 'update')]),
      phaseOf(hits, 'warm', [event(1, 'update'), event(4, 'reload')]),
      phaseOf(hits, 'restart', [event(0, 'signal'), event(6, 'restart')]),
    ];
    expect(eventsOf(distinctArm('a', phases))).toEqual([
      { x: 2, label: 'update' },
      { x: 20, label: 'warm' },
      { x: 21, label: 'update' },
      { x: 24, label: 'reload' },
      { x: 40, label: 'signal' },
      { x: 46, label: 'restart' },
    ]);
  });

  test('of arms that are alike are told once', () => {
    const arm = (name: string, at: number) =>
      distinctArm(name, [phaseOf(hits, 'traffic', [event(3, 'reload'), event(at, 'update')])]);
    expect(eventsOf(arm('a', 5), arm('b', 5), arm('c', 6))).toEqual([
      { x: 3, label: 'reload' },
      { x: 5, label: 'update' },
      { x: 6, label: 'update' },
    ]);
  });
});
