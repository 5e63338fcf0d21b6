import { expect, test } from 'vitest';
import { DEFAULTS } from '../../lab/console/options.ts';
import { recordedArm } from '../kit/fixtures/arm.ts';
import { firstRequest } from './scenario.ts';

/** Ten keys, each asked for five times; without a cache every request goes to the database. */
function arm({ cached = true } = {}) {
  const nth = Array.from({ length: 50 }, (_, i) => 1 + Math.floor(i / 10));
  const slow = nth.map((turn) => turn === 1 || !cached);
  const loads = slow.filter(Boolean).length;
  return recordedArm({
    workload: { popularity: 'cyclic', zipf: 0, keys: 10, seed: 1 },
    observations: {
      asked: {
        nth,
        latencyMicros: slow.map((isSlow, i) => (isSlow ? 2_000 : 200) + (i % 7)),
        originMicros: slow.map((isSlow) => (isSlow ? 1_700 : 0)),
      },
    },
    phases: [
      {
        totals: {
          requests: 50,
          hits: 50 - loads,
          originQueries: loads,
          entries: cached ? 10 : 0,
        },
      },
    ],
  });
}

test('one query for each key, and later requests that are ten times faster, agree', () => {
  const { verdict, exhibits } = firstRequest.judge([arm()], DEFAULTS);
  expect(verdict.agreement).toBe('agrees');
  expect(verdict.sentence).toContain('10 times less');
  expect(verdict.sentence).toContain('50 requests for 10 keys cost 10 queries');
  const [bars] = exhibits;
  if (bars?.kind !== 'bars') throw new Error('there are no bars');
  expect(bars.series[1]!.values).toEqual([1.7, 0, 0, 0, 0]);
});

test('a cache that keeps nothing disagrees', () => {
  const { agreement, findings } = firstRequest.judge([arm({ cached: false })], DEFAULTS).verdict;
  expect(agreement).toBe('disagrees');
  expect(findings.filter(({ agrees }) => !agrees)).toHaveLength(4);
});

test.each([
  [{ requests: 60 }, '--requests 60'],
  [{ keys: 400, requests: 4_000 }, '--keys 400'],
  [{ timeoutSeconds: 1 }, '--timeout 1'],
])('refuses %o by the name of the flag', (given, flag) => {
  const options = { ...DEFAULTS, ...firstRequest.defaults };
  expect(firstRequest.refuse!({ ...options, ...given })).toContain(flag);
  expect(firstRequest.refuse!(options)).toBeNull();
});
