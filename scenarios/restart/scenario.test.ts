import { expect, test } from 'vitest';
import { DEFAULTS } from '../../lab/console/options.ts';
import { recordedArm } from '../kit/fixtures/arm.ts';
import { restart } from './scenario.ts';
import type { WatchedLife } from './watch.ts';

const life = (slot: number, pid: number, misses: number, knownAtOnce = 0): WatchedLife => ({
  slot,
  pid,
  requests: 300,
  misses,
  knownAtOnce,
});
const watched = (lives: WatchedLife[]) => ({
  lives,
  binMillis: 250,
  lookups: [75, 75],
  hits: [75, 40],
  marks: [{ atMillis: 260, label: 'rolling reload' }],
});

/** Two workers with ten keys, both reloaded, then worker 2 killed; `change` makes it another story. */
function arm(change: { survives?: boolean; unanswered?: number } = {}) {
  const survives = change.survives ?? false;
  const fresh = (slot: number, pid: number) =>
    survives ? life(slot, pid, 0, 10) : life(slot, pid, 10);
  const restarts = [
    {
      phase: 'rolling reload',
      label: 'a rolling reload',
      sent: 1_200,
      answered: 1_200 - (change.unanswered ?? 0),
      entriesBefore: 20,
      tookMillis: 900,
      watched: watched([life(1, 11, 0), life(2, 12, 0), fresh(1, 21), fresh(2, 22)]),
    },
    {
      phase: 'worker killed',
      label: 'the SIGKILL of one worker',
      sent: 901,
      answered: 900,
      entriesBefore: 20,
      tookMillis: 300,
      watched: watched([life(1, 21, 0), life(2, 22, 0), fresh(2, 32)]),
    },
  ];
  return recordedArm({
    workers: 2,
    ratePerSecond: 300,
    workload: { popularity: 'uniform', zipf: 0, keys: 10, seed: 1 },
    observations: { warm: watched([life(1, 11, 10), life(2, 12, 10)]), restarts },
  });
}

test('new processes that read every key again agree with theory', () => {
  const { verdict } = restart.judge([arm()], DEFAULTS);
  expect(verdict.agreement).toBe('agrees');
  expect(verdict.sentence).toContain('lost no request but all 20 cached entries');
  expect(verdict.sentence).toContain('from 100.0 % to 53.3 %');
});

test('a cache that survives the restart disagrees', () => {
  const { agreement, findings } = restart.judge([arm({ survives: true })], DEFAULTS).verdict;
  expect(agreement).toBe('disagrees');
  expect(findings.filter(({ agrees }) => !agrees)).toHaveLength(4);
});

test('a rolling reload that leaves one request without an answer disagrees', () => {
  const { verdict } = restart.judge([arm({ unanswered: 1 })], DEFAULTS);
  expect(verdict.agreement).toBe('disagrees');
  expect(verdict.sentence).toContain('lost 1 request');
});

test.each([
  [{ workers: [1] }, '--workers 1'],
  [{ ratePerSecond: 5_000 }, '--rate 5000'],
  [{ keys: 400 }, '--keys 400'],
  [{ timeoutSeconds: 5 }, '--timeout 5'],
  [{ popularity: 'cyclic' as const }, '--popularity cyclic'],
])('refuses %o by the name of the flag', (given, flag) => {
  const options = { ...DEFAULTS, ...restart.defaults };
  expect(restart.refuse!({ ...options, ...given })).toContain(flag);
  expect(restart.refuse!(options)).toBeNull();
});
