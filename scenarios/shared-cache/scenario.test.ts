import { describe, expect, test } from 'vitest';
import type { Arm } from '../../reports/record/schema.ts';
import { recordedArm } from '../kit/fixtures/arm.ts';
import { exhibitsOf } from './exhibits.ts';
import { judgeArms } from './judgement.ts';
import type { Observed } from './observed.ts';

const LOCAL: Observed = {
  service: null,
  get: { count: 300, p50Micros: 5, p99Micros: 14 },
  set: { count: 100, p50Micros: 15, p99Micros: 80 },
  sharing: { workers: 4, knew: 1 },
  requestsPerSecond: 4_000,
  workersReplaced: { lookups: 32, hits: 0 },
  updates: { reads: 30, stale: 30, staleForGood: 30, longestMillis: null },
  serviceRestarted: null,
  outage: null,
};

const SHARED: Observed = {
  service: { name: 'redis-server', startMillis: 30, memoryBytes: 1_000_000, persistence: 'none' },
  get: { count: 300, p50Micros: 90, p99Micros: 200 },
  set: { count: 100, p50Micros: 110, p99Micros: 300 },
  sharing: { workers: 4, knew: 4 },
  requestsPerSecond: 3_000,
  workersReplaced: { lookups: 32, hits: 32 },
  updates: { reads: 30, stale: 0, staleForGood: 0, longestMillis: 3 },
  serviceRestarted: { pages: 8, kept: 0 },
  outage: { requests: 800, failures: 0, bypassed: 250, slowestMicros: 9_000, backMillis: 40 },
};

const WITH_FILE: Observed = {
  ...SHARED,
  service: { ...SHARED.service!, persistence: 'append-only file' },
  requestsPerSecond: null,
  workersReplaced: null,
  updates: null,
  serviceRestarted: { pages: 8, kept: 8 },
  outage: null,
};

function arm(name: string, backend: string, seen: Observed): Arm {
  return recordedArm({ name, backend, workers: 4, observations: { backend: seen } });
}

function run(local: Partial<Observed> = {}, shared: Partial<Observed> = {}): Arm[] {
  return [
    arm('locmem', 'locmem', { ...LOCAL, ...local }),
    arm('redis', 'redis', { ...SHARED, ...shared }),
    arm('redis with a file', 'redis', WITH_FILE),
  ];
}

describe('the verdict', () => {
  test('agrees when local memory splits and the service shares', () => {
    const verdict = judgeArms(run());
    expect(verdict.findings.filter(({ agrees }) => !agrees)).toEqual([]);
    expect(verdict.agreement).toBe('agrees');
    expect(verdict.sentence).toContain('1 of 4 workers with local memory');
    expect(verdict.sentence).toContain('5.0 µs');
  });

  test.each<[string, Partial<Observed>, Partial<Observed>]>([
    ['local memory was shared', { sharing: { workers: 4, knew: 4 } }, {}],
    ['local memory survived its worker', { workersReplaced: { lookups: 32, hits: 8 } }, {}],
    [
      'local memory was never stale',
      { updates: { reads: 30, stale: 0, staleForGood: 0, longestMillis: 2 } },
      {},
    ],
    ['the service was not shared', {}, { sharing: { workers: 4, knew: 3 } }],
    ['the service forgot with its workers', {}, { workersReplaced: { lookups: 32, hits: 31 } }],
    [
      'a worker stayed stale',
      {},
      { updates: { reads: 30, stale: 1, staleForGood: 1, longestMillis: null } },
    ],
    ['memory survived a kill', {}, { serviceRestarted: { pages: 8, kept: 8 } }],
    ['a page failed in the outage', {}, { outage: { ...SHARED.outage!, failures: 1 } }],
    ['the cache did not come back', {}, { outage: { ...SHARED.outage!, backMillis: null } }],
    ['the service was nearer than memory', {}, { get: { ...SHARED.get, p50Micros: 4 } }],
  ])('disagrees when %s', (_what, local, shared) => {
    expect(judgeArms(run(local, shared)).agreement).toBe('disagrees');
  });

  test('disagrees when a cold start missed as often as with a cache per worker', () => {
    const redis = recordedArm({
      name: 'redis',
      backend: 'redis',
      workers: 4,
      observations: { backend: SHARED },
      phases: [
        {
          totals: { requests: 800, misses: { cold: 310, expired: 0, evicted: 0 } },
          expected: {
            misses: { value: 128, low: 122, high: 134, interval: '95 % of runs', source: 'theory' },
            hitRate: { value: 0.84, low: 0.83, high: 0.85, interval: null, source: 'theory' },
          },
        },
      ],
    });
    expect(judgeArms([redis]).agreement).toBe('disagrees');
  });

  test('claims nothing of an arm that did not get so far', () => {
    const verdict = judgeArms([recordedArm({ backend: 'redis' })]);
    expect(verdict).toMatchObject({ agreement: 'not judged', findings: [] });
  });

  test('does not hold it against a service that it was not to be killed', () => {
    const borrowed = { serviceRestarted: null, outage: null };
    expect(judgeArms(run({}, borrowed)).agreement).toBe('agrees');
  });
});

describe('the table', () => {
  test('answers every question for every arm', () => {
    const table = exhibitsOf(run())[0]!;
    if (table.kind !== 'table') throw new Error('the first exhibit is not the table');
    expect(table.columns).toEqual(['', 'locmem', 'redis', 'redis with a file']);
    for (const row of table.rows) {
      expect(row).toHaveLength(4);
      expect(row.every((cell) => typeof cell === 'string' && cell !== '')).toBe(true);
    }
    const restart = table.rows.find(([question]) => String(question).includes('restart of the'));
    expect(restart).toEqual([expect.any(String), 'there is none', 'no: 0 of 8', 'yes: 8 of 8']);
  });

  test('says which questions could not be tried', () => {
    const cells = exhibitsOf(run({}, { serviceRestarted: null, outage: null }));
    expect(JSON.stringify(cells)).toContain("not the lab's own");
  });
});
