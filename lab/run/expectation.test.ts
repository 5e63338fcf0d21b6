import { expect, test } from 'vitest';
import { planArm } from '../../scenarios/kit/arms.ts';
import type { ArmPlan } from '../../scenarios/kit/contract.ts';
import { expectedTraffic } from '../../scenarios/theory/expected-traffic.ts';
import { ownerOf } from '../../scenarios/theory/rendezvous.ts';
import { DEFAULTS } from '../console/options.ts';
import { ledgerOf } from '../evidence/fixtures/rows.ts';
import type { LedgerRow } from '../traffic/ledger.ts';
import { createWorkload } from '../traffic/workload.ts';
import { expectationOf } from './expectation.ts';
import type { LivePhase, PhaseSighting } from './live-phase.ts';

/** A phase in which each worker, by slot from 1, was asked so often; and what else came. */
function sighting(
  requestsBySlot: readonly number[],
  { durationMillis = 1_000, rows = [] as Partial<LedgerRow>[], live = {} } = {},
): PhaseSighting {
  const asked = requestsBySlot.flatMap((requests, index) =>
    Array.from({ length: requests }, (_, i) => ({ slot: index + 1, sequence: i + 1 })),
  );
  const ledger = ledgerOf(...asked, ...rows);
  return {
    name: 'traffic',
    live: { ledger, events: [], fitsTheory: true, ...live } as unknown as LivePhase,
    durationMillis,
    before: [],
    after: requestsBySlot.map((_, index) => ({
      slot: index + 1,
    })) as unknown as PhaseSighting['after'],
  };
}

function expectation(phases: readonly PhaseSighting[], change: Partial<ArmPlan> = {}) {
  const options = { ...DEFAULTS, keys: 30, zipf: 0.9, timeoutSeconds: 10, seed: 5 };
  const plan = planArm(options, { workers: 3, ...change });
  const workload = createWorkload(plan);
  return { ...expectationOf(phases, { plan, workload }), shares: workload.shares };
}

/** Keys that a worker is asked for, after so many requests, for the first time: the occupancy problem. */
const firstTouches = (shares: Float64Array, before: number, requests: number) =>
  shares.reduce((sum, p) => sum + (1 - p) ** before * (1 - (1 - p) ** requests), 0);

test('a phase is expected to miss what its workers had not been asked for, each and all', () => {
  const { all, bySlot, shares } = expectation([sighting([5, 9, 0]), sighting([11, 2, 0])]);
  const [one, two] = [firstTouches(shares, 5, 11), firstTouches(shares, 9, 2)];
  expect(all!.misses.value).toBeCloseTo(one + two, 9);
  expect(all!.hitRate.value).toBeCloseTo(1 - (one + two) / 13, 9);
  // Of a worker that was asked for nothing, nothing is expected.
  expect([...bySlot.keys()]).toEqual([1, 2]);
  expect(bySlot.get(1)!.misses.value).toBeCloseTo(one, 9);
  expect(bySlot.get(2)!.misses.value).toBeCloseTo(two, 9);
});

test('entries expire once a phase and those before it have taken as long as they live', () => {
  const by = (durationMillis: number) => {
    const earlier = [sighting([3], { durationMillis: 1_500 }), sighting([3])];
    const { all, bySlot } = expectation([...earlier, sighting([4], { durationMillis })]);
    // Lookups at the measured times miss; without any, none would.
    expect(all!.misses.value).toBeGreaterThan(1);
    return [
      all!.misses.by,
      bySlot.get(1)!.misses.by,
      all!.misses.source.includes('measured times'),
    ];
  };
  expect(by(7_400)).toEqual(['formula', 'formula', false]);
  expect(by(7_500)).toEqual(['model', 'model', true]);
});

test.each([
  ['a request of a protocol', { live: { fitsTheory: false } }],
  ['an event', { live: { events: [{}] } }],
  ['a write', { rows: [{ operation: 'delete' }] as Partial<LedgerRow>[] }],
  ['a lookup that failed', { rows: [{ outcome: 'error' }] as Partial<LedgerRow>[] }],
])('after %s nothing is expected, in that phase or a later one', (_, disturbed) => {
  for (const phases of [
    [sighting([4], disturbed)],
    [sighting([4], disturbed), sighting([4])],
    [sighting([4]), sighting([4], disturbed)],
  ]) {
    expect(expectation(phases)).toMatchObject({ all: null, bySlot: new Map() });
  }
});

test('without a phase nothing is expected', () => {
  expect(expectation([])).toMatchObject({ all: null, bySlot: new Map() });
});

test('no cache always misses; one that all share is asked for everything', () => {
  const dummy = expectation([sighting([4, 3])], { backend: 'dummy' });
  expect([dummy.all!.misses.value, dummy.bySlot.size]).toEqual([7, 0]);
  // Two that came while key 0 was being loaded: sent before the first response had come.
  const rows = [10, 11, 12].map((arrivedMillis) => {
    return { outcome: 'cold', arrivedMillis, latencyMicros: 9_000 } as const;
  });
  const phases = [sighting([5, 0]), sighting([4, 0], { rows })];
  const redis = expectation(phases, { backend: 'redis' });
  const expected = firstTouches(redis.shares, 5, 7) + 2;
  expect(redis.all!.misses.value).toBeCloseTo(expected, 9);
  expect(redis.bySlot.size).toBe(0);
});

test('by key, a worker is asked for its own keys alone, while the same workers are there', () => {
  const byKey = { routing: 'by-key' } as const;
  const { all, bySlot, shares } = expectation([sighting([2, 0, 6]), sighting([3, 0, 5])], byKey);
  const expected = expectedTraffic({
    ...{ shares, popularity: 'zipf', seed: 5, durationSeconds: 1, secondsBefore: 1 },
    ...{ requestsPerWorker: [3, 0, 5], requestsBefore: [2, 0, 6] },
    cache: { maxEntries: 300, timeoutSeconds: 10, cullFrequency: 3 },
    workerOfKey: (key) => ownerOf(`/users/${key + 1}`, [1, 3]) - 1,
  });
  expect(all).toEqual(expected);
  expect(bySlot.size).toBe(0);
  // Who answered first does not matter, but who answered at all, in whichever phase.
  const rows = [{ slot: 1 }];
  const again = expectation([sighting([0, 0, 7], { rows }), sighting([3, 0, 5])], byKey);
  expect(again.all).not.toBeNull();
  const moved = [sighting([2, 0, 6]), sighting([2, 1, 6]), sighting([3, 0, 5])];
  expect(expectation(moved, byKey).all).toBeNull();
});

test('of a cycle only the whole is known, and only where one worker gets all of it', () => {
  const cyclic = { popularity: 'cyclic', keys: 30 } as const;
  const { all, bySlot } = expectation([sighting([20]), sighting([14])], cyclic);
  expect([all!.misses.value, bySlot.size]).toEqual([10, 0]);
  expect(expectation([sighting([20, 1])], cyclic).all).toBeNull();
});

test('of a cycle that loses entries nothing is known where connections overtake each other', () => {
  const cyclic = { popularity: 'cyclic', keys: 30, maxEntries: 10 } as const;
  expect(expectation([sighting([60])], { ...cyclic, connections: 40 }).all).toBeNull();
  expect(expectation([sighting([60])], { ...cyclic, connections: 1 }).all?.misses.value).toBe(60);
});
