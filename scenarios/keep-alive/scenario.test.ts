import { expect, test } from 'vitest';
import { DEFAULTS } from '../../lab/console/options.ts';
import type { Estimate } from '../../reports/record/schema.ts';
import { recordedArm } from '../kit/fixtures/arm.ts';
import { keepAlive } from './scenario.ts';

const misses = (value: number): Estimate => ({
  value,
  low: value - 10,
  high: value + 10,
  interval: '95 % of runs',
  source: 'a test',
});

/** 1,000 requests that were spread over four workers as given. */
function arm(connections: number, routing: string, requests: number[], missed: number) {
  return recordedArm({
    name: routing === 'fresh' ? 'a fresh one each' : `${connections} connections`,
    workers: 4,
    connections,
    routing,
    phases: [
      {
        totals: { requests: 1_000, hits: 1_000 - missed, hitRate: 1 - missed / 1_000 },
        expected: { misses: misses(missed), hitRate: misses(missed) },
        workers: requests.map((own) => ({ requests: own, hits: own, connections: 1 })),
      },
    ],
  });
}

const single = arm(1, 'keep-alive', [0, 1_000, 0, 0], 150);
const many = arm(40, 'keep-alive', [300, 200, 250, 250], 500);
const fresh = arm(40, 'fresh', [250, 250, 250, 250], 510);

test('one connection that one worker serves agrees, and hides the other caches', () => {
  const { verdict } = keepAlive.judge([single, many, fresh], DEFAULTS);
  expect(verdict.agreement).toBe('agrees');
  expect(verdict.sentence).toContain('1 worker of 4 answered all 1,000 requests');
  expect(verdict.sentence).toContain('49.0 % from 4 workers');
});

test('one connection whose requests reach two workers disagrees', () => {
  const split = arm(1, 'keep-alive', [500, 500, 0, 0], 150);
  expect(keepAlive.judge([split, many, fresh], DEFAULTS).verdict.agreement).toBe('disagrees');
});

test('misses that do not follow from who answered disagree', () => {
  const odd = arm(40, 'keep-alive', [300, 200, 250, 250], 500);
  odd.phases[0]!.expected!.misses = misses(150);
  expect(keepAlive.judge([single, odd, fresh], DEFAULTS).verdict.agreement).toBe('disagrees');
});

test('the kernel’s choice is an arm of node:cluster alone', () => {
  const schedulings = (launcher: string) =>
    keepAlive.arms({ ...DEFAULTS, launcher }).filter(({ scheduling }) => scheduling === 'none');
  expect(schedulings('cluster')).toHaveLength(2);
  expect(schedulings('pm2')).toEqual([]);
});

test.each([
  [{ workers: [1] }, '--workers 1'],
  [{ connections: 3 }, '--connections 3'],
  [{ popularity: 'cyclic' as const }, '--popularity cyclic'],
])('refuses %o by the name of the flag', (given, flag) => {
  expect(keepAlive.refuse!({ ...DEFAULTS, ...given })).toContain(flag);
  expect(keepAlive.refuse!(DEFAULTS)).toBeNull();
});
