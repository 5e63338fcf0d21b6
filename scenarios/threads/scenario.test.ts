import { expect, test } from 'vitest';
import { DEFAULTS } from '../../lab/console/options.ts';
import { exactly } from '../kit/finding.ts';
import { recordedArm } from '../kit/fixtures/arm.ts';
import type { CountOfThread, Raised } from './judgement.ts';
import { threads } from './scenario.ts';

/** Each worker answered 50 updates; the counters show what `counters` says. */
const raised = (counters: number[], pid = 4711): Raised => ({
  updates: 50 * counters.length,
  threads: counters.map(
    (counter, i): CountOfThread => ({
      slot: i + 1,
      pid,
      updates: 50,
      counter,
      differentAnswers: Math.min(50, counter),
    }),
  ),
});

const oneProcess = (counter: number) =>
  recordedArm({
    name: '1 process',
    workers: 1,
    observations: { oneStep: raised([counter]), twoSteps: raised([30]) },
  });

/** `misses` of an expected 60. */
const threeThreads = (counters: number[], misses: number) =>
  recordedArm({
    name: '3 threads',
    workers: 3,
    launcher: 'threads',
    phases: [
      {
        totals: { misses: { cold: misses, expired: 0, evicted: 0 } },
        expected: {
          misses: { ...exactly(60, ''), low: 55, high: 65 },
          hitRate: { ...exactly(0.5, ''), low: 0.4, high: 0.6 },
        },
      },
    ],
    observations: { oneStep: raised(counters), twoSteps: raised([30, 30, 30]) },
  });

const agreement = (...arms: ReturnType<typeof recordedArm>[]) =>
  threads.judge(arms, DEFAULTS).verdict.agreement;

test('no update lost in a process, and a cache in each thread, agrees with theory', () => {
  expect(agreement(oneProcess(50), threeThreads([50, 50, 50], 61))).toBe('agrees');
});

test('one lost update is noticed', () => {
  expect(agreement(oneProcess(49), threeThreads([50, 50, 50], 61))).toBe('disagrees');
});

test('threads that share a counter disagree with it', () => {
  expect(agreement(oneProcess(50), threeThreads([150, 150, 150], 61))).toBe('disagrees');
});

test('threads that share their pages disagree with it', () => {
  expect(agreement(oneProcess(50), threeThreads([50, 50, 50], 20))).toBe('disagrees');
});

test.each([
  [{ workers: [1, 4] }, '--workers 1'],
  [{ keys: 400 }, '--keys 400'],
  [{ requests: 200 }, '--requests 200'],
])('refuses %o by the name of the flag', (given, flag) => {
  const usual = { ...DEFAULTS, ...threads.defaults };
  expect(threads.refuse!({ ...usual, ...given })).toContain(flag);
  expect(threads.refuse!(usual)).toBeNull();
});
