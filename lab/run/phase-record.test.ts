import { expect, test } from 'vitest';
import { planArm } from '../../scenarios/kit/arms.ts';
import type { ArmPlan } from '../../scenarios/kit/contract.ts';
import type { WorkerSnapshot } from '../../server/protocol.ts';
import { DEFAULTS } from '../console/options.ts';
import { ledgerOf } from '../evidence/fixtures/rows.ts';
import { createWorkload } from '../traffic/workload.ts';
import type { PhaseSighting } from './live-phase.ts';
import { phaseRecords } from './phase-record.ts';

const STATS = { hits: 0, missesCold: 0, missesExpired: 0, missesEvicted: 0, sets: 0, errors: 0 };

function snapshot(slot: number, keys: string[] | null): WorkerSnapshot {
  return {
    ...{ slot, pid: 100 + slot, port: 8000, connections: 1, requests: 0, originQueries: 0 },
    ...{ stats: STATS, entries: keys?.length ?? null, keys, rssBytes: 1, heapUsedBytes: 1 },
  } as unknown as WorkerSnapshot;
}

/** Worker 1 missed key 0 and hit it, worker 2 missed key 1; four were sent. */
function sighting(change: Partial<PhaseSighting> = {}, live = {}): PhaseSighting {
  const ledger = ledgerOf(
    { key: 0, outcome: 'cold', sequence: 1, storedSequence: 2 },
    { key: 0, outcome: 'hit', sequence: 3 },
    { key: 1, slot: 2, pid: 102, outcome: 'cold', sequence: 1, storedSequence: 2 },
  );
  return {
    name: 'traffic',
    live: {
      ...{ ledger, events: [], sent: 4, fitsTheory: true, killed: false, keptRate: 0.8 },
      ...{ protocol: false, ...live },
    } as unknown as PhaseSighting['live'],
    durationMillis: 500,
    before: [snapshot(1, []), snapshot(2, [])],
    after: [snapshot(1, [':1:user_3', ':1:user_1', 'someone else’s']), snapshot(2, null)],
    ...change,
  };
}

function record(seen: PhaseSighting, change: Partial<ArmPlan> = {}) {
  const plan = planArm({ ...DEFAULTS, keys: 3 }, { workers: 2, ...change });
  return phaseRecords(plan, createWorkload(plan), [seen])[0]!;
}

test('a phase is told by its requests, how long they took, and what theory expects of each worker', () => {
  const { totals, workers, expected, ...phase } = record(sighting());
  expect(phase).toMatchObject({ name: 'traffic', durationMillis: 500, requestsPerSecond: 6 });
  expect(phase).toMatchObject({ keptRate: 0.8, protocol: false, events: [] });
  expect(totals.requests).toBe(3);
  // One key of a request; of two, both are the same with the probability Σ p².
  expect(workers[1]!.expected!.misses.value).toBeCloseTo(1, 9);
  expect(expected!.misses.value).toBeCloseTo(workers[0]!.expected!.misses.value + 1, 9);
  const disturbed = record(sighting({ durationMillis: 0 }, { events: [{}], protocol: true }));
  expect(disturbed).toMatchObject({ requestsPerSecond: null, expected: null, protocol: true });
  expect(disturbed.workers.map((worker) => worker.expected)).toEqual([null, null]);
});

test('a request that did not come back is a fault, unless a worker was killed on purpose', () => {
  const sent = (live: object) =>
    record(sighting({}, live)).audit.checks.find(({ name }) => name.endsWith('what was sent'));
  expect(sent({})).toMatchObject({ seen: 3, counted: 4, holds: false });
  expect(sent({ killed: true })).toBeUndefined();
});

test('only caches inside the workers are replayed, and only where they were asked', () => {
  expect(record(sighting()).replay).toMatchObject({ responses: 3, identical: 3 });
  expect(record(sighting(), { backend: 'redis' })).toMatchObject({ replay: null, residency: null });
  const { ledger } = sighting({}, { ledger: ledgerOf() }).live;
  expect(record(sighting({}, { ledger })).replay).toBeNull();
});

test('what workers hold is drawn for 2,000 keys at most, with what they said at the end', () => {
  const { residency } = record(sighting());
  expect(residency).toMatchObject({ keys: ['user_1', 'user_2', 'user_3'], slots: [1, 2] });
  expect(residency!.final).toEqual([
    { slot: 1, keys: [0, 2] },
    { slot: 2, keys: [] },
  ]);
  expect(record(sighting(), { keys: 2_000 }).residency!.keys).toHaveLength(2_000);
  expect(record(sighting(), { keys: 2_001 }).residency).toBeNull();
});
