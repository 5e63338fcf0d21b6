import { expect, test } from 'vitest';
import { SAMPLE_EXHIBITS } from '../fixtures/sample-record.ts';
import { distinctArm, distinctPhase, distinctRecord } from '../record/fixtures/distinct-figures.ts';
import type { RunRecord } from '../record/schema.ts';
import { figuresOf } from './index.ts';

/** A fleet of each size. */
function fleets(...sizes: number[]) {
  return sizes.map((workers) => {
    const phase = distinctPhase('traffic', workers);
    const one = { slot: 1, requests: [1], hits: [1], cold: [0], expired: [0], evicted: [0] };
    phase.bins = { requestsPerBin: 1, workers: [one] };
    phase.workers = phase.workers.slice(0, workers);
    phase.totals.requests = 20 * workers;
    return distinctArm(`${workers} workers`, [phase], { workers });
  });
}

const idsOf = (record: RunRecord) => {
  const { lead, next, more } = figuresOf(record);
  return {
    lead: lead?.id,
    next: next.map(({ id }) => id),
    more: Object.fromEntries(
      more.map(({ id, title, figures }) => [`${id}: ${title}`, figures.map((one) => one.id)]),
    ),
  };
};

test('the chart of each worker leads, two figures follow, the others stand in reading order', () => {
  expect(idsOf(distinctRecord(fleets(1, 2, 4)))).toEqual({
    lead: 'hit-rate-by-worker-2',
    next: ['sweep-hit-rate', 'over-the-run'],
    more: {
      'sweep: From one worker to many': ['sweep-misses'],
      'hit-rates: Hit rates': [
        ...['hit-rate-by-arm', 'hit-rate-by-worker-1', 'over-the-run-1', 'over-the-run-2'],
      ],
      'costs: Misses and what they cost': ['misses', 'origin-queries'],
      'load: Who did the work': [
        ...['requests-by-worker-1', 'connections-by-worker-1'],
        ...['requests-by-worker-2', 'connections-by-worker-2'],
      ],
      'latency: How long an answer took': ['latency-1', 'latency-2', 'latency-3'],
    },
  });
});

test('a scenario’s own figures come first, after them those that are only a table', () => {
  const tableFirst = SAMPLE_EXHIBITS.toSorted(
    (a, b) => Number(b.kind === 'table') - Number(a.kind === 'table'),
  );
  expect(tableFirst[0]!.kind).toBe('table');
  const { lead, next, more } = idsOf(distinctRecord(fleets(1, 4), { exhibits: tableFirst }));
  const drawn = tableFirst.filter(({ kind }) => kind !== 'table').map(({ id }) => `exhibit-${id}`);
  expect([lead, ...next]).toEqual(drawn.slice(0, 3));
  expect(more['exhibits: What this scenario shows']).toContain(`exhibit-${tableFirst[0]!.id}`);
  expect(more['hit-rates: Hit rates']).toContain('hit-rate-by-worker-1');
  const [table] = tableFirst;
  const withOne = tableFirst.filter(({ kind }) => kind === 'bars' || kind === 'table');
  expect(idsOf(distinctRecord(fleets(1, 4), { exhibits: withOne })).next).toEqual([
    ...[`exhibit-${table!.id}`, 'hit-rate-by-worker-1'],
  ]);
  const alone = idsOf(distinctRecord(fleets(1, 4), { exhibits: [table!] }));
  expect([alone.lead, alone.next[0]]).toEqual(['hit-rate-by-worker-1', `exhibit-${table!.id}`]);
});

test('what was computed has only its own figures', () => {
  const { lead, next, more } = idsOf(distinctRecord([], { exhibits: SAMPLE_EXHIBITS }));
  expect(Object.keys(more)).toEqual(['exhibits: What was computed']);
  expect([lead, ...next, ...Object.values(more).flat()].toSorted()).toEqual(
    SAMPLE_EXHIBITS.map(({ id }) => `exhibit-${id}`).toSorted(),
  );
  expect(idsOf(distinctRecord([]))).toEqual({ lead: undefined, next: [], more: {} });
});

const LOOKUP_FIGURES = /^(sweep|hit-rate|over-the-run|misses|origin)/;

test('a figure that would say nothing is not drawn', () => {
  const all = ({ lead, next, more }: ReturnType<typeof idsOf>) => [
    ...[lead, ...next],
    ...Object.values(more).flat(),
  ];
  const record = distinctRecord(fleets(1, 4));
  expect(all(idsOf(record)).some((id) => LOOKUP_FIGURES.test(id!))).toBe(true);
  for (const { phases } of record.arms) {
    const { totals } = phases[0]!;
    Object.assign(totals, { hits: 0, originQueries: 0 });
    totals.misses = { cold: 0, expired: 0, evicted: 0 };
  }
  expect(all(idsOf(record)).filter((id) => LOOKUP_FIGURES.test(id ?? ''))).toEqual([]);
  const few = distinctRecord(fleets(1, 4));
  for (const { phases } of few.arms) phases[0]!.totals.requests--;
  expect(all(idsOf(few))).toEqual([undefined]);
});

test('of phases whose requests a protocol chose only the scenario itself has figures', () => {
  const record = distinctRecord(fleets(1, 4), { exhibits: SAMPLE_EXHIBITS.slice(0, 1) });
  const traffic = idsOf(record);
  for (const { phases } of record.arms) phases.push({ ...phases[0]!, name: 'u', protocol: true });
  expect(idsOf(record)).toEqual(traffic);
  for (const { phases } of record.arms) phases.shift();
  expect(idsOf(record)).toEqual({ lead: 'exhibit-staleness', next: [], more: {} });
});
