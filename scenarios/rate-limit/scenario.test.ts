import { expect, test } from 'vitest';
import { DEFAULTS } from '../../lab/console/options.ts';
import { LIMIT } from '../../server/protocol.ts';
import { recordedArm } from '../kit/fixtures/arm.ts';
import type { Served, Told } from './judgement.ts';
import { rateLimit } from './scenario.ts';

/** Requests to `slots` as the workers count them; `shared`: as if they had one count between them. */
function countDown(slots: number[], shared: boolean): Told[] {
  const seen = new Map<number, number>();
  return slots.map((slot) => {
    const counter = shared ? 0 : slot;
    const now = (seen.get(counter) ?? 0) + 1;
    seen.set(counter, now);
    return { slot, remaining: LIMIT - now };
  });
}

/** Worker 3 got fewer requests than the limit. */
function arm(shared: boolean) {
  const flood: Served[] = [
    { slot: 1, requests: 35, served: shared ? 10 : 20 },
    { slot: 2, requests: 35, served: shared ? 9 : 20 },
    { slot: 3, requests: 3, served: shared ? 1 : 3 },
  ];
  const watched = countDown([1, 1, 1, 2, 1, 3, 3, 2], shared);
  return recordedArm({ workers: 3, observations: { flood, watched } });
}

test('workers that each let the limit through agree with theory', () => {
  const { verdict } = rateLimit.judge([arm(false)], DEFAULTS);
  expect(verdict.agreement).toBe('agrees');
  expect(verdict.sentence).toContain('3 workers let 43 of 73 requests of one client through');
});

test('a limit that holds over all workers disagrees with it', () => {
  const { verdict } = rateLimit.judge([arm(true)], DEFAULTS);
  expect(verdict.findings.map((finding) => finding.agrees)).toEqual([false, false]);
  expect(verdict.agreement).toBe('disagrees');
});

test.each([
  [{ workers: [1] }, '--workers 1'],
  [{ workers: [16], requests: 16 * LIMIT }, `--requests ${16 * LIMIT}`],
])('refuses %o by the name of the flag', (given, flag) => {
  const usual = { ...DEFAULTS, ...rateLimit.defaults };
  expect(rateLimit.refuse!({ ...usual, ...given })).toContain(flag);
  expect(rateLimit.refuse!(usual)).toBeNull();
});
