import { expect, test } from 'vitest';
import { distinctArm, distinctPhase, distinctRecord } from '../record/fixtures/distinct-figures.ts';
import type { Phase } from '../record/schema.ts';
import { hitRateByArm, missesFigure, originFigure } from './by-arm.ts';
import { partGroups } from './run-parts.ts';

const [first, second] = [distinctPhase('traffic', 0), distinctPhase('traffic', 10)];
/** Both of them in one chart. */
const beside = (...phases: Phase[]) =>
  partGroups(
    distinctRecord(phases.map((phase, index) => distinctArm(`arm ${index + 1}`, [phase]))),
  )[0]!;
const both = beside(first, second);
const untold = (phase: Phase): Phase => ({ ...phase, expected: null, replay: null });
const neither = beside(untold(first), untold(second));
const column = (label: string, format: string | null = 'count') => ({ label, format });

test('the hit rate of each fleet has theory’s mark and the number of lookups behind it', () => {
  expect(hitRateByArm(both)).toEqual({
    id: 'hit-rate-by-arm',
    title: 'Hit rate of each fleet',
    caption:
      'Hits of all workers together, divided by lookups of all workers together; not a mean of the workers’ rates. The mark is what theory expects, its ends the interval: 95 % of runs (a test).',
    chart: {
      ...{ kind: 'bars', x: 'arm', categories: ['arm 1', 'arm 2'], missing: 'no traffic' },
      y: { label: 'hit rate (% of lookups)', format: 'percent', max: 1 },
      series: [{ name: 'hit rate', values: [0.04, 0.05], colour: 'accent' }],
      expected: {
        label: 'hit rate expected by theory',
        values: [first.expected!.hitRate, second.expected!.hitRate],
      },
      n: { of: 'lookups', values: [149, 189] },
    },
    table: {
      columns: [
        ...[column('arm', null), column('lookups'), column('hits'), column('misses')],
        column('hit rate', 'percent'),
        ...['expected hit rate', 'from', 'to'].map((label) => column(label, 'percent')),
      ],
      rows: [
        ['arm 1', 149, 35, 114, 0.04, 0.045, expect.closeTo(0.043), expect.closeTo(0.047)],
        ['arm 2', 189, 45, 144, 0.05, 0.055, expect.closeTo(0.053), expect.closeTo(0.057)],
      ],
    },
  });
});

test('the caption names every kind of interval once, and none where theory is silent', () => {
  const exact = structuredClone(second);
  exact.expected!.hitRate.interval = { kind: 'exact' };
  expect(hitRateByArm(beside(first, exact, second, untold(first))).caption).toMatch(
    /its ends the interval: 95 % of runs \(a test\); every run gives exactly this\.$/,
  );
  expect(hitRateByArm(neither).caption).toMatch(/not a mean of the workers’ rates\.$/);
  expect(hitRateByArm(neither).chart).not.toHaveProperty('expected');
});

test('the queries that reached the database stand beside the misses that theory expects', () => {
  expect(originFigure(both)).toEqual({
    id: 'origin-queries',
    title: 'Queries that reached the database',
    caption:
      'Every request that no cache could answer went to the database. The mark is the number of misses that theory expects, with its interval.',
    chart: {
      ...{ kind: 'bars', x: 'arm', categories: ['arm 1', 'arm 2'], missing: 'no traffic' },
      y: { label: 'origin queries', format: 'count' },
      series: [{ name: 'origin queries', values: [41, 51], colour: 'origin' }],
      expected: {
        label: 'misses expected by theory',
        values: [first.expected!.misses, second.expected!.misses],
      },
      n: { of: 'requests', values: [33, 43] },
    },
    table: {
      columns: [
        column('arm', null),
        ...['requests', 'origin queries', 'misses'].map((label) => column(label)),
        ...['expected misses', 'from', 'to'].map((label) => column(label)),
      ],
      rows: [
        ['arm 1', 33, 41, 114, 46, 43, 49],
        ['arm 2', 43, 51, 144, 56, 53, 59],
      ],
    },
  });
  expect(originFigure(neither).caption).toBe(
    'Every request that no cache could answer went to the database.',
  );
});

test('misses have their reasons, and beside them who held the entry', () => {
  expect(missesFigure(beside(first, untold(second)))).toEqual({
    id: 'misses',
    title: 'Why lookups missed',
    caption:
      'Cold: this worker never held the entry. Expired: it held it too long. Evicted: it had to make room. The bar beside it counts the same misses again: hatched ones were avoidable, because another worker held the entry at that moment.',
    chart: {
      ...{ kind: 'bars', x: 'arm', categories: ['arm 1', 'arm 2'], missing: 'not known' },
      ...{ y: { label: 'misses (lookups)', format: 'count' }, stacked: true },
      series: [
        { name: 'cold', values: [37, 47], colour: 'cold', stack: 'reason' },
        {
          ...{ name: 'expired', values: [38, 48], colour: 'expired', stack: 'reason' },
          pattern: 'dotted',
        },
        {
          ...{ name: 'evicted', values: [39, 49], colour: 'evicted', stack: 'reason' },
          pattern: 'crossed',
        },
        { name: 'held by no worker', values: [114 - 49, null], colour: 'muted', stack: 'held' },
        {
          ...{ name: 'avoidable: another worker held it', values: [49, null], colour: 'accent' },
          ...{ pattern: 'hatched', stack: 'held' },
        },
      ],
      n: { of: 'misses', values: [114, 144] },
    },
    table: {
      columns: [
        column('arm', null),
        ...['misses', 'cold misses', 'expired misses', 'evicted misses'].map((name) =>
          column(name),
        ),
        ...['avoidable misses', 'misses of one shared cache'].map((name) => column(name)),
      ],
      rows: [
        ['arm 1', 114, 37, 38, 39, 49, 50],
        ['arm 2', 144, 47, 48, 49, null, null],
      ],
    },
  });
});

test('without a replay nothing is said of who held the entry', () => {
  const { caption, chart } = missesFigure(neither);
  expect(caption).toMatch(
    /make room\. How many were avoidable is unknown: the run was not replayed\.$/,
  );
  expect(chart!.series.map(({ name }) => name)).toEqual(['cold', 'expired', 'evicted']);
});

test('each phase of many has figures of its own', () => {
  const phases = ['cold', 'warm'].map((name) => distinctPhase(name, 0));
  const groups = partGroups(
    distinctRecord([1, 2, 3, 4].map((index) => distinctArm(`arm ${index}`, phases))),
  );
  const named = groups.flatMap((group) =>
    [hitRateByArm, originFigure, missesFigure].map((of) => `${of(group).id}: ${of(group).title}`),
  );
  expect(named).toEqual([
    'hit-rate-by-arm: Hit rate of each fleet · cold',
    'origin-queries: Queries that reached the database · cold',
    'misses: Why lookups missed · cold',
    'hit-rate-by-arm-2: Hit rate of each fleet · warm',
    'origin-queries-2: Queries that reached the database · warm',
    'misses-2: Why lookups missed · warm',
  ]);
});
