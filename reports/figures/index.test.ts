import { expect, test } from 'vitest';
import { SAMPLE_EXHIBITS } from '../fixtures/sample-record.ts';
import { distinctArm, distinctPhase, distinctRecord } from '../record/fixtures/distinct-figures.ts';
import type { RunRecord } from '../record/schema.ts';
import { figureGroups } from './index.ts';

/** A fleet of each size. */
function fleets(...sizes: number[]) {
  return sizes.map((workers) => {
    const phase = distinctPhase('traffic', workers);
    const one = { slot: 1, requests: [1], hits: [1], cold: [0], expired: [0], evicted: [0] };
    phase.bins = { requestsPerBin: 1, workers: [one] };
    phase.workers = phase.workers.slice(0, workers);
    return distinctArm(`${workers} workers`, [phase], { workers });
  });
}

const groupsOf = (record: RunRecord) =>
  figureGroups(record).map(({ id, title, figures, folded }) => ({
    ...{ heading: `${id}: ${title}` },
    figures: figures.map((figure) => figure.id),
    folded: folded.map((figure) => figure.id),
  }));

test('figures stand in reading order, those of the fleets between the ends folded', () => {
  const record = distinctRecord(fleets(1, 2, 4), { exhibits: SAMPLE_EXHIBITS.slice(0, 1) });
  expect(groupsOf(record)).toEqual([
    {
      ...{ heading: 'exhibits: What this scenario shows' },
      ...{ figures: ['exhibit-staleness'], folded: [] },
    },
    {
      ...{ heading: 'sweep: From one worker to many' },
      ...{ figures: ['sweep-hit-rate', 'sweep-misses'], folded: [] },
    },
    {
      heading: 'hit-rates: Hit rates',
      figures: ['hit-rate-by-arm', 'hit-rate-by-worker-2', 'over-the-run', 'over-the-run-2'],
      folded: ['hit-rate-by-worker-1', 'over-the-run-1'],
    },
    {
      ...{ heading: 'costs: Misses, and what they cost' },
      ...{ figures: ['misses', 'origin-queries'], folded: [] },
    },
    {
      heading: 'load: Who did the work',
      figures: ['requests-by-worker-2', 'connections-by-worker-2'],
      folded: ['requests-by-worker-1', 'connections-by-worker-1'],
    },
    {
      heading: 'latency: How long an answer took',
      ...{ figures: ['latency-1', 'latency-3'], folded: ['latency-2'] },
    },
  ]);
});

test('what was computed has only its own figures, and what looked nothing up no hit rates', () => {
  expect(
    groupsOf(distinctRecord([], { exhibits: SAMPLE_EXHIBITS })).map(({ heading }) => heading),
  ).toEqual(['exhibits: What was computed']);
  const record = distinctRecord(fleets(1, 4));
  const [looking] = fleets(2);
  for (const { phases } of record.arms) {
    phases[0]!.totals.hits = 0;
    phases[0]!.totals.misses = { cold: 0, expired: 0, evicted: 0 };
  }
  expect(groupsOf(record).map(({ heading }) => heading)).toEqual([
    ...['load: Who did the work', 'latency: How long an answer took'],
  ]);
  record.arms.push(looking!);
  expect(groupsOf(record).map(({ heading }) => heading)).toContain('hit-rates: Hit rates');
});

test('of phases whose requests a protocol chose only the scenario itself has figures', () => {
  const record = distinctRecord(fleets(1, 4), { exhibits: SAMPLE_EXHIBITS.slice(0, 1) });
  const traffic = groupsOf(record);
  for (const { phases } of record.arms) phases.push({ ...phases[0]!, name: 'u', protocol: true });
  expect(groupsOf(record)).toEqual(traffic);
  for (const { phases } of record.arms) phases.shift();
  expect(groupsOf(record)).toEqual([
    {
      ...{ heading: 'exhibits: What this scenario shows' },
      ...{ figures: ['exhibit-staleness'], folded: [] },
    },
  ]);
});
