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
  const arm = (workers: number) =>
    recordedArm({ workers, phases: [{ workers: new Array(workers).fill({ requests: 1 }) }] });
  const [two, three] = [arm(2), arm(3)];
  expect(kinds(two)[0]).toContain('2 workers with their own');
  expect(warningsOf({ arms: [two, three, { ...arm(4), backend: 'redis' }] } as never)).toEqual([
    {
      kind: 'local-cache-with-several-workers',
      arm: null,
      message: '3\u00a0workers with their own in-memory caches are 3\u00a0caches.',
      remedy:
        'In production, use a shared cache such as Redis or Memcached, or exactly one worker.',
    },
  ]);
  expect(kinds({ ...two, backend: 'redis' })).toEqual([]);
});

/** The warnings whole, as they are recorded; numbers and units stand apart by a plain space. */
const whole = (...arms: Arm[]) =>
  warningsOf({ arms } as unknown as RunRecord).map((warning) => ({
    ...warning,
    message: warning.message.replaceAll('\u00a0', ' '),
  }));

test('too few connections; an idle worker where there were enough', () => {
  const workers = [{ requests: 5 }, { requests: 0 }];
  const few = recordedArm({ workers: 2, connections: 1, backend: 'redis', phases: [{ workers }] });
  expect(whole(few)).toEqual([
    {
      kind: 'fewer-connections-than-workers',
      arm: '2 workers',
      message:
        '2 workers: 1 connection for 2 workers. A connection stays with its worker, so at least 1 had nothing to do.',
      remedy: 'Use --connections 2 or more, or --routing fresh.',
    },
  ]);
  const five = recordedArm({ workers: 5, connections: 2, phases: [{ workers }] });
  expect(kinds(five)[0]).toContain(
    '2 connections for 5 workers. A connection stays with its worker, so at least 3 had',
  );
  for (const routing of ['fresh', 'by-key'] as const) {
    expect(kinds({ ...few, routing })).toEqual([
      'idle-worker: 2 workers: no request reached worker 2; its hit rate is unknown, not zero.',
    ]);
  }
});

test('an idle worker is one that no phase reached', () => {
  const requests = (...each: number[]) => ({ workers: each.map((one) => ({ requests: one })) });
  const phases = [requests(5, 0, 0, 0), requests(5, 1, 0, 0)];
  const idle = recordedArm({ workers: 4, connections: 4, backend: 'redis', phases });
  expect(whole(idle)).toEqual([
    {
      kind: 'idle-worker',
      arm: '4 workers',
      message: '4 workers: no request reached worker 3, 4; its hit rate is unknown, not zero.',
      remedy: 'Use more --connections, or --routing fresh.',
    },
  ]);
});

test('lookups that failed, unless the scenario took the service away itself', () => {
  const totals = { errors: 886, hits: 14 };
  const event = (label: string) => ({ atRequest: 1, atMillis: 1, slot: null, label });
  const redis = (phase: object) =>
    whole(recordedArm({ workers: 1, backend: 'redis', phases: [{ totals, ...phase }] }));
  const failed = [
    {
      kind: 'lookups-failed',
      arm: '1 worker',
      message:
        '1 worker: 886 lookups failed, because redis did not answer; the database answered instead.',
      remedy:
        'The hit rate counts only the lookups that succeeded. Check the service and run again.',
    },
  ];
  expect(redis({})).toEqual(failed);
  expect(redis({ events: [event('a worker was replaced')] })).toEqual(failed);
  expect(redis({ events: [event('a worker was replaced'), event('service killed')] })).toEqual([]);
});

test('a rate that was not kept', () => {
  const arm = (keptRate: number | null, ratePerSecond: number | null = 4_000) =>
    recordedArm({ ratePerSecond, phases: [{ name: 'steady', keptRate }] });
  expect(whole(arm(0.72))).toEqual([
    {
      kind: 'generator-saturated',
      arm: '1 worker',
      message: '1 worker, steady: the machine kept 72.0 % of the 4,000 requests per second.',
      remedy: 'Use a lower --rate, fewer --workers or a less busy machine.',
    },
  ]);
  // A protocol may have asked for a rate of its own.
  expect(kinds(arm(0.72, null))[0]).toContain('72.0 % of the offered requests per second.');
  expect(kinds(arm(0.899))).toHaveLength(1);
  expect([...kinds(arm(0.9)), ...kinds(arm(null))]).toEqual([]);
});

test('lost responses and a replay that differs', () => {
  const check = (name: string, holds: boolean) => ({
    name,
    slot: null,
    seen: 9,
    counted: 10,
    holds,
  });
  const replayed = (identical: number, firstDifference: string | null) => ({
    ...{ responses: 9, identical, firstDifference, avoidableMisses: 0 },
    ...{ avoidableByWorker: [], sharedCacheMisses: 0 },
  });
  const checks = [check('hits', false), check('responses to what was sent', false)];
  const phase = { audit: { clean: false, checks }, replay: replayed(8, 'request 4') };
  expect(whole(recordedArm({ phases: [phase] }))).toEqual([
    {
      kind: 'requests-lost',
      arm: '1 worker',
      message: '1 worker: of 10 requests sent, 9 came back.',
      remedy:
        'Check which workers ended or were killed; on a busy machine, use fewer --connections.',
    },
    {
      kind: 'replay-differs',
      arm: '1 worker',
      message: '1 worker: replayed, 8 of 9 responses match the model. request 4',
      remedy:
        'Something besides this traffic touched the caches, or responses were lost; see the audit.',
    },
  ]);
  const fine = [check('hits', false), check('responses to what was sent', true)];
  const alike = { audit: { clean: false, checks: fine }, replay: replayed(9, null) };
  expect(kinds(recordedArm({ phases: [alike] }))).toEqual([]);
  const unexplained = { ...alike, replay: replayed(8, null) };
  expect(kinds(recordedArm({ phases: [unexplained] }))).toEqual([
    'replay-differs: 1 worker: replayed, 8 of 9 responses match the model.',
  ]);
});

test('expectations that were missed are told once, with each measurement', () => {
  const out = { name: 'traffic', expected: expected(1_000, 990, 1_010), totals: missed(80) };
  const inside = { name: 'traffic', expected: expected(100, 90, 110), totals: missed(110) };
  const unjudged = { name: 'filling', totals: missed(1) };
  const arms = [
    recordedArm({ name: 'a', phases: [out] }),
    recordedArm({ name: 'b', phases: [unjudged, out] }),
  ];
  const remedy =
    'One in twenty is, by chance, and arms that share their keys miss together; run again with another --seed, or use --rounds 5 if the scenario has rounds.';
  expect(whole(...arms, recordedArm({ name: 'c', phases: [inside] }))).toEqual([
    {
      kind: 'expectation-missed',
      arm: null,
      message:
        '2 of 3 measurements are outside the interval that holds 95 % of runs. ' +
        'a: 80 misses, expected 1,000 (990 to 1,010); b, traffic: 80 misses, expected 1,000 (990 to 1,010).',
      remedy,
    },
  ]);
  expect(whole(arms[0]!)).toMatchObject([{ kind: 'expectation-missed', arm: 'a', remedy }]);
});

test('misses are whole: an interval holds those that it reaches into', () => {
  const isMissed = (misses: number) => {
    const phase = { expected: expected(5, 3.4, 6.6), totals: missed(misses) };
    return kinds(recordedArm({ phases: [phase] })).length > 0;
  };
  expect([2, 3, 7, 8].map(isMissed)).toEqual([true, false, false, true]);
  const one = { expected: expected(5, 3.4, 6.6), totals: missed(1) };
  expect(kinds(recordedArm({ phases: [one] }))[0]).toContain(
    '1 worker: 1 miss, expected 5 (3 to 7)',
  );
});
