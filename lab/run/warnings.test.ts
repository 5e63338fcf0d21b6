import { expect, test } from 'vitest';
import type { Arm, Estimate, RunRecord } from '../../reports/record/schema.ts';
import { recordedArm } from '../../scenarios/kit/fixtures/arm.ts';
import { warningsOf } from './warnings.ts';

const kinds = (...arms: Arm[]) =>
  warningsOf({ arms } as unknown as RunRecord).map(({ kind, message }) =>
    `${kind}: ${message}`.replaceAll('\u00a0', ' '),
  );

const expected = (value: number, low: number, high: number) => {
  const interval = { kind: 'chance', share: 0.95, how: 'made up', step: 1 } as const;
  const misses: Estimate = { value, low, high, interval, source: 'a test', by: 'formula' };
  return { misses, hitRate: misses };
};
const missed = (cold: number) => ({ misses: { cold, expired: 0, evicted: 0 } });

test('a plain run of one worker has nothing to warn of', () => {
  const phase = { workers: [{ requests: 10 }], expected: expected(5, 4, 6), totals: missed(6) };
  expect(kinds(recordedArm({ workers: 1, phases: [phase] }))).toEqual([]);
});

test('several workers with a local cache are told what that means, once', () => {
  const workers = [{ requests: 1 }, { requests: 1 }];
  const two = recordedArm({ workers: 2, phases: [{ workers }] });
  expect(kinds(two, two)).toEqual([
    "local-cache-with-several-workers: 2 workers with a cache in each one's own memory are 2 caches.",
  ]);
  expect(kinds({ ...two, backend: 'redis' })).toEqual([]);
});

test('too few connections; an idle worker where there were enough', () => {
  const workers = [{ requests: 5 }, { requests: 0 }];
  const few = recordedArm({ workers: 2, connections: 1, phases: [{ workers }] });
  expect(kinds(few)[0]).toBe(
    'fewer-connections-than-workers: 2 workers: 1 connection for 2 workers. A connection stays with its worker, so at least 1 had nothing to do.',
  );
  expect(kinds(few).join()).not.toContain('idle-worker');
  const five = recordedArm({ workers: 5, connections: 2, phases: [{ workers }] });
  expect(kinds(five)[0]).toContain(
    '2 connections for 5 workers. A connection stays with its worker, so at least 3 had',
  );
  for (const routing of ['fresh', 'by-key'] as const) {
    expect(kinds({ ...few, routing }).join()).not.toContain('fewer-connections');
  }
  const idle = recordedArm({ workers: 2, connections: 8, phases: [{ workers }] });
  expect(kinds(idle)[0]).toContain('idle-worker: 2 workers: no request reached worker 2');
});

test('lookups that failed, unless the scenario took the service away itself', () => {
  const totals = { errors: 886, hits: 14 };
  const events = [{ atRequest: 1, atMillis: 1, slot: null, label: 'service killed' }];
  const redis = (phase: object) =>
    kinds({ ...recordedArm({ workers: 1, phases: [{ totals, ...phase }] }), backend: 'redis' });
  expect(redis({})).toEqual([
    'lookups-failed: 1 worker: 886 lookups failed, because redis did not answer; the database was asked instead.',
  ]);
  expect(redis({ events })).toEqual([]);
});

test('a rate that was not kept', () => {
  const arm = recordedArm({ ratePerSecond: 4_000, phases: [{ name: 'steady', keptRate: 0.72 }] });
  expect(kinds(arm)).toEqual([
    'generator-saturated: 1 worker, steady: the machine kept 72.0 % of the 4,000 requests per second.',
  ]);
});

test('lost responses and a replay that differs', () => {
  const lost = {
    name: 'responses to what was sent',
    slot: null,
    seen: 9,
    counted: 10,
    holds: false,
  };
  const replay = {
    ...{ responses: 9, identical: 8, firstDifference: 'request 4', avoidableMisses: 0 },
    ...{ avoidableByWorker: [], sharedCacheMisses: 0 },
  };
  const arm = recordedArm({ phases: [{ audit: { clean: false, checks: [lost] }, replay }] });
  expect(kinds(arm)[0]).toContain('of 10 requests sent, 9 came back');
  expect(kinds(arm)[1]).toContain('8 of 9 responses are as the model says. request 4');
});

test('expectations that were missed are told once, with each measurement', () => {
  const out = { name: 'traffic', expected: expected(1_000, 990, 1_010), totals: missed(80) };
  const inside = { name: 'traffic', expected: expected(100, 90, 110), totals: missed(110) };
  const arms = [
    recordedArm({ name: 'a', phases: [out] }),
    recordedArm({ name: 'b', phases: [out] }),
  ];
  expect(kinds(...arms, recordedArm({ name: 'c', phases: [inside] }))).toEqual([
    'expectation-missed: 2 of 3 measurements lie outside the interval that holds 95 % of runs. ' +
      'a: 80 misses, expected 1,000 (990 to 1,010); b: 80 misses, expected 1,000 (990 to 1,010).',
  ]);
});
