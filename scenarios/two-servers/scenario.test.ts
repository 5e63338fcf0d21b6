import { expect, test } from 'vitest';
import { DEFAULTS } from '../../lab/console/options.ts';
import { exactly } from '../kit/finding.ts';
import { recordedArm } from '../kit/fixtures/arm.ts';
import { missesAfterJoin, missesAfterLoss } from '../theory/by-key.ts';
import { twoServers } from './scenario.ts';

const joined = {
  keys: { popularity: 'zipf' as const, zipf: 0.8, keys: 200 },
  slotsBefore: [1, 2],
  slots: [1, 2, 3, 4],
  requestsBefore: 1_000,
  requests: 1_000,
};
const loss = { lost: 1, until: 100, away: 300, since: 1_600 };
const afterJoin = Math.round(missesAfterJoin(joined).value);
const afterLoss = Math.round(missesAfterLoss(joined, loss).value);

const phase = (name: string, misses: number, expected?: number) => ({
  name,
  totals: { requests: 1_000, misses: { cold: misses, expired: 0, evicted: 0 } },
  expected:
    expected === undefined
      ? null
      : {
          misses: { ...exactly(expected, ''), low: expected - 10, high: expected + 10 },
          hitRate: exactly(1 - expected / 1_000, ''),
        },
});

/** By turns; the second server is expected to miss what the first one knows. */
const byTurns = (joinMisses: number) =>
  recordedArm({
    name: '2 servers by turns',
    workers: 4,
    phases: [phase('the first server', 280, 282), phase('both servers', joinMisses, 250)],
  });

const byKey = (joinMisses: number, lossMisses: number) =>
  recordedArm({
    name: '2 servers by key',
    workers: 4,
    routing: 'by-key',
    phases: [
      phase('the first server', 180, 181),
      phase('both servers', joinMisses),
      phase('a worker is lost', lossMisses),
      phase('its successor is there', 0),
    ],
    observations: { loss: { slot: 1, until: 100, away: 300, requests: 2_000 } },
  });

const agreement = (...arms: ReturnType<typeof recordedArm>[]) =>
  twoServers.judge(arms, DEFAULTS).verdict.agreement;

test('what theory expects of a join and of a loss agrees with it', () => {
  expect(agreement(byTurns(246), byKey(afterJoin, afterLoss))).toBe('agrees');
});

test('a second server that knows what the first one knows disagrees with it', () => {
  expect(agreement(byTurns(60), byKey(afterJoin, afterLoss))).toBe('disagrees');
});

test('keys that move although their worker is still there disagree with it', () => {
  // As modulo would: with 4 workers for 2, half of the keys; with one lost, three quarters.
  expect(agreement(byKey(afterJoin + 50, afterLoss))).toBe('disagrees');
  expect(agreement(byKey(afterJoin, afterLoss + 100))).toBe('disagrees');
});

test('a lost worker that costs nothing disagrees with it', () => {
  expect(agreement(byKey(afterJoin, 10))).toBe('disagrees');
});

test('asked for by key, the turns are left out', () => {
  const options = { ...DEFAULTS, ...twoServers.defaults };
  const names = (routing: string) =>
    twoServers.arms({ ...options, routing }).map(({ name }) => name);
  expect(names('keep-alive')).toEqual(['1 server', '2 servers by turns', '2 servers by key']);
  expect(names('by-key')).toEqual(['1 server', '2 servers by key']);
});

test.each([
  [{ workers: [1, 2] }, '--workers 1,2'],
  [{ workers: [9] }, '--workers 9'],
  [{ routing: 'fresh' }, '--routing fresh'],
  [{ popularity: 'cyclic' as const }, '--popularity cyclic'],
  [{ keys: 400 }, '--keys 400'],
])('refuses %o by the name of the flag', (given, flag) => {
  const usual = { ...DEFAULTS, ...twoServers.defaults };
  expect(twoServers.refuse!({ ...usual, ...given })).toContain(flag);
  expect(twoServers.refuse!(usual)).toBeNull();
});
