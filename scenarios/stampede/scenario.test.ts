import { expect, test } from 'vitest';
import { DEFAULTS } from '../../lab/console/options.ts';
import { recordedArm } from '../kit/fixtures/arm.ts';
import type { HotReply } from './judgement.ts';
import { stampede } from './scenario.ts';

/** Twelve requests at three workers, of which those loaded that `loads` says (by place). */
const burst = (loads: (place: number) => boolean): HotReply[] =>
  Array.from({ length: 12 }, (_, place) => ({
    slot: 1 + (place % 3),
    outcome: loads(place) ? 'loaded' : 'waited',
  }));

const everybody = burst(() => true);
const oneForEachWorker = burst((place) => place < 3);
const oneForAll = burst((place) => place === 0);

const arm = (withoutLock: HotReply[], withLock: HotReply[]) =>
  recordedArm({
    workers: 3,
    observations: { withoutLock: [withoutLock, withoutLock], withLock: [withLock, withLock] },
  });

test('a load for each request, and with a lock for each worker, agrees with theory', () => {
  const { verdict } = stampede.judge([arm(everybody, oneForEachWorker)], DEFAULTS);
  expect(verdict.agreement).toBe('agrees');
  expect(verdict.sentence).toContain('3 workers loaded it 12 times, with a lock still 3 times');
});

test('a lock that holds for all workers disagrees with it', () => {
  const { verdict } = stampede.judge([arm(everybody, oneForAll)], DEFAULTS);
  expect(verdict.agreement).toBe('disagrees');
});

test('so does a lock that lets two through in one worker', () => {
  const leaking = burst((place) => place < 4);
  expect(stampede.judge([arm(everybody, leaking)], DEFAULTS).verdict.agreement).toBe('disagrees');
});

test('so do requests that somehow waited for each other without a lock', () => {
  const { verdict } = stampede.judge([arm(oneForEachWorker, oneForEachWorker)], DEFAULTS);
  expect(verdict.agreement).toBe('disagrees');
});

test.each([
  [{ workers: [4], connections: 8 }, '--connections 8'],
  [{ originDelayMillis: 20 }, '--origin-delay 20'],
])('refuses %o by the name of the flag', (given, flag) => {
  const usual = { ...DEFAULTS, ...stampede.defaults };
  expect(stampede.refuse!({ ...usual, ...given })).toContain(flag);
  expect(stampede.refuse!(usual)).toBeNull();
});
