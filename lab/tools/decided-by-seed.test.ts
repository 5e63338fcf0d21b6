import { expect, test } from 'vitest';
import type { RunRecord } from '../../reports/record/schema.ts';
import { compareDecided } from './compare-decided.ts';
import { decidedBySeed } from './decided-by-seed.ts';

interface Seen {
  readonly version?: number;
  readonly scenario?: string;
  readonly keys?: readonly number[];
  readonly requests?: readonly number[];
  readonly connections?: number;
  readonly expectedMisses?: number;
  readonly what?: string;
  readonly phase?: string;
  readonly evicted?: number;
  readonly exhibits?: readonly string[];
}

/** A record with one phase, as a file holds it. */
function recorded(seen: Seen): RunRecord {
  const { version = 1, scenario = 'hit-rate', keys = [0, 1, 0], requests = [2, 1] } = seen;
  const expected = { misses: { value: seen.expectedMisses ?? 2.5 } };
  const arm = {
    name: 'an arm',
    workers: requests.length,
    launcher: 'cluster',
    backend: 'locmem',
    routing: 'keep-alive',
    connections: seen.connections ?? 40,
    ratePerSecond: null,
    round: 1,
    cache: { maxEntries: 300, timeoutSeconds: 300, cullFrequency: 3 },
    originDelayMillis: 0,
    workload: { popularity: 'zipf', zipf: 0.8, keys: 200, seed: 7 },
    phases: [
      {
        name: seen.phase ?? 'traffic',
        trace: { keys: ['user_1', 'user_2', 'user_4294967296'], key: keys },
        workers: requests.map((count) => ({ requests: count })),
        totals: { misses: { cold: 2, evicted: seen.evicted ?? 0, expired: 0 } },
        expected,
      },
    ],
  };
  const estimate = { value: 3, low: 3, high: 3 };
  const finding = { what: seen.what ?? 'misses', claim: null, unit: '', expected: estimate };
  const record = {
    version,
    scenario: { name: scenario },
    arms: [arm],
    verdict: { findings: [finding] },
    exhibits: (seen.exhibits ?? []).map((title) => ({ kind: 'table', title })),
  };
  return record as unknown as RunRecord;
}

const compared = (before: Seen, after: Seen) =>
  compareDecided(decidedBySeed(recorded(before)), decidedBySeed(recorded(after)));
const differences = (before: Seen, after: Seen) => compared(before, after).differences;

test('the same run twice shows no difference, and says how much was held against each other', () => {
  expect(compared({}, {})).toMatchObject({ keys: 3, byChance: 0, differences: [] });
  expect(compared({}, {}).compared).toBeGreaterThan(20);
});

test('other keys, or the same in another order, differ at the first of them', () => {
  expect(differences({}, { keys: [0, 0, 1] })).toEqual([
    'arms › an arm › phases › traffic › keys: "user_2" → "user_1" (the 2.)',
  ]);
  expect(differences({}, { keys: [0, 1] })).toEqual([
    'arms › an arm › phases › traffic › number of keys: 3 → 2',
  ]);
});

test('requests for no key are no keys', () => {
  expect(differences({}, { keys: [0, 2, 1, 0] })).toEqual([]);
});

test('where all workers are filled at once the order does not count, the keys do', () => {
  const memory = { scenario: 'memory' };
  expect(differences(memory, { ...memory, keys: [1, 0, 0] })).toEqual([]);
  expect(differences(memory, { ...memory, keys: [1, 1, 0] })).toHaveLength(1);
});

test('where traffic lasts as long as a reload, only the keys that both drew are compared', () => {
  const reload = { scenario: 'restart', phase: 'during the reload' };
  expect(differences(reload, { ...reload, keys: [0, 1] })).toEqual([]);
  expect(differences(reload, { ...reload, keys: [1, 1] })).toHaveLength(1);
  const killed = { scenario: 'restart', phase: 'a worker is killed' };
  expect(differences(killed, { ...killed, keys: [1, 1] })).toEqual([]);
});

test('a plan that changed is told by its field', () => {
  expect(differences({}, { connections: 50 })).toEqual(['arms › an arm › connections: 40 → 50']);
});

test('what theory expects is compared where requests fell alike, to rounding', () => {
  expect(differences({}, { expectedMisses: 2.6 })).toEqual([
    'arms › an arm › phases › traffic › expected misses › value: 2.5 → 2.6',
  ]);
  expect(differences({}, { expectedMisses: 2.5 + 1e-12 })).toEqual([]);
  const elsewhere = compared({}, { expectedMisses: 2.6, requests: [1, 2] });
  expect(elsewhere).toMatchObject({ byChance: 1, differences: [] });
});

test('what theory expects is not compared where the order of several workers decided it', () => {
  expect(differences({ evicted: 1 }, { evicted: 1, expectedMisses: 2.6 })).toEqual([]);
  const alone = { evicted: 1, requests: [3] };
  expect(differences(alone, { ...alone, expectedMisses: 2.6 })).toHaveLength(1);
});

test('the same things in another order are told', () => {
  expect(differences({ exhibits: ['a', 'b'] }, { exhibits: ['b', 'a'] })).toEqual([
    'exhibits: in another order',
  ]);
});

test('a finding that went, and one that came, are told', () => {
  expect(differences({}, { what: 'hits' })).toEqual([
    'findings › misses: only before',
    'findings › hits: only after',
  ]);
});

test('a finding that is named after what happened is the same finding', () => {
  const culls = (count: string) => ({ what: `entries that ${count} culls dropped, 1 worker` });
  expect(differences(culls('75'), culls('1,076'))).toEqual([]);
});

test('a record of another version is read, an unknown one is refused, as is one with a gap', () => {
  expect(differences({ version: 1 }, { version: 2 })).toEqual([]);
  expect(() => decidedBySeed(recorded({ version: 99 }))).toThrow('version 99');
  const gap = recorded({});
  delete (gap.arms[0] as Partial<RunRecord['arms'][number]>).round;
  expect(() => compareDecided(decidedBySeed(gap), decidedBySeed(gap))).toThrow('an arm › round');
});
