import { expect, test } from 'vitest';
import { contradictionIn } from './consistency.ts';
import { distinctArm, distinctPhase, distinctRecord } from './fixtures/distinct-figures.ts';
import type { RunRecord } from './schema.ts';

/** A record whose parts fit together. */
function sound(): RunRecord {
  const row = () => ({ requests: [9], hits: [8], cold: [1], expired: [0], evicted: [0] });
  const phase = {
    ...distinctPhase('traffic', 0),
    bins: { requestsPerBin: 10, workers: [1, 2].map((slot) => ({ slot, ...row() })) },
    trace: { keys: ['a'], ranks: [1], key: [0], slot: [1], outcome: [1], avoidable: [] },
    residency: {
      ...{ keys: ['a'], slots: [1], final: [{ slot: 1, keys: [0] }] },
      changes: { at: [0], slot: [1], key: [0], held: [1] },
    },
  };
  const words = { title: 'A title', caption: 'What to see.' };
  return structuredClone(
    distinctRecord([distinctArm('1 worker', [phase])], {
      exhibits: [
        {
          ...{ kind: 'bars', id: 'b', ...words, y: { label: 'y', format: 'count' } },
          ...{ categories: ['one'], series: [{ name: 's', role: 'measured', values: [1] }] },
        },
        {
          kind: 'table',
          id: 't',
          ...words,
          columns: [{ label: 'c', format: null }],
          rows: [['x']],
        },
      ],
    }),
  );
}

test('a record whose parts fit together has no contradiction', () => {
  expect(contradictionIn(sound())).toBeNull();
});

const PHASE = '/arms/0/phases/0';

test.each([
  ['/arms/1/name', 'must not be there twice', 'arms', (all: unknown[]) => all.push(all[0])],
  ['/exhibits/2/id', 'must not be there twice', 'exhibits', (all: unknown[]) => all.push(all[0])],
  [`${PHASE}/workers/1/missLatency`, 'equally many', 'workers/1/missLatency/counts'],
  [`${PHASE}/bins/workers/1`, 'equally many', 'bins/workers/1/hits'],
  [`${PHASE}/trace`, 'must have equally many in keys, ranks', 'trace/ranks'],
  [`${PHASE}/trace`, 'must have equally many in key, slot, outcome', 'trace/slot'],
  [`${PHASE}/trace`, 'must have equally many in key, avoidable', 'trace/avoidable', both],
  [`${PHASE}/trace/key/0`, 'must be less than 1', 'trace/key', (all: number[]) => all.fill(1e9)],
  [`${PHASE}/trace/outcome/0`, 'must be less than 6', 'trace/outcome', sixes],
  [`${PHASE}/residency/changes`, 'equally many', 'residency/changes/held'],
  [`${PHASE}/residency/changes/key/0`, 'must be less than 1', 'residency/changes/key', sixes],
  [`${PHASE}/residency/final/0/keys/0`, 'must be less than 1', 'residency/final/0/keys', sixes],
  ['/exhibits/0/series/0', 'equally many', 'exhibits/0/series/0/values'],
  ['/exhibits/1/rows/0', 'equally many', 'exhibits/1/rows/0'],
] as const)('at %s it %s', (path, what, place, change: (all: never) => unknown = one) => {
  const record = sound();
  const full = /^(arms|exhibits)/.test(place) ? place : `arms/0/phases/0/${place}`;
  const found = full.split('/').reduce((at, key) => (at as never)[key], record as unknown);
  change(found as never);
  expect(contradictionIn(record)).toEqual({ path, what: expect.stringContaining(what) });
});

test('every row of bins has as many as the others', () => {
  const record = sound();
  const [, second] = record.arms[0]!.phases[0]!.bins.workers;
  for (const counts of Object.values(second!)) if (Array.isArray(counts)) counts.push(0);
  expect(contradictionIn(record)).toEqual({
    path: `${PHASE}/bins/workers`,
    what: 'must have equally many in its rows',
  });
});

function one(all: unknown[]): void {
  all.push(0);
}

function both(all: number[]): void {
  all.push(0, 0);
}

function sixes(all: number[]): void {
  all.fill(6);
}
