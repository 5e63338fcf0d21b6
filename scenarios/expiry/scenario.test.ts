import { expect, test } from 'vitest';
import { DEFAULTS } from '../../lab/console/options.ts';
import type { Estimate } from '../../reports/record/schema.ts';
import { recordedArm } from '../kit/fixtures/arm.ts';
import { expiry } from './scenario.ts';

/** What the model gives at the measured times: here for an even flow, so that the formula holds too. */
const modelled = (value: number): Estimate => ({
  value,
  low: value - 0.03,
  high: value + 0.03,
  interval: '95 % of runs',
  source: 'a test',
});

/** 10 s at 100 requests a second over ten equally popular keys that live for 1 s. */
function arm(workers: number, hitRate: number, expected = workers === 1 ? 0.909 : 0.714) {
  const perWorker = 1_000 / workers;
  return recordedArm({
    workers,
    ratePerSecond: 100,
    cache: { maxEntries: 300, timeoutSeconds: 1, cullFrequency: 3 },
    workload: { popularity: 'uniform', zipf: 0, keys: 10, seed: 1 },
    phases: [
      {
        name: 'steady',
        durationMillis: 10_000,
        requestsPerSecond: 100,
        expected: { hitRate: modelled(expected), misses: modelled(expected) },
        workers: Array.from({ length: workers }, () => ({ requests: perWorker })),
        totals: { requests: 1_000, hitRate, originQueries: 1_000 * (1 - hitRate) },
      },
    ],
  });
}

// By hand: each key comes 10 times a second to one worker, x = 10, x/(1 + x) = 10/11;
// with 4 workers 2.5 times a second to each, 2.5/3.5.
test('one worker at 10/11 and four at 2.5/3.5 agree with the formula', () => {
  const { verdict } = expiry.judge([arm(1, 0.909), arm(4, 0.714)], DEFAULTS);
  expect(verdict.agreement).toBe('agrees');
  expect(verdict.findings.map(({ expected }) => expected!.value.toFixed(3))).toEqual([
    '0.909',
    '9.100',
    '0.909',
    '0.714',
    '28.600',
    '0.714',
  ]);
  expect(verdict.sentence).toContain('(3.1 ×)');
});

test('four workers that hit as often as one disagree', () => {
  expect(expiry.judge([arm(1, 0.909), arm(4, 0.909)], DEFAULTS).verdict.agreement).toBe(
    'disagrees',
  );
});

test('requests that come in heaps are held against the model at their times, not the formula', () => {
  const { verdict } = expiry.judge([arm(1, 0.909), arm(4, 0.8, 0.8)], DEFAULTS);
  expect(verdict.agreement).toBe('agrees');
  expect(verdict.findings.at(-1)).toMatchObject({ expected: null, measured: 0.8 });
  expect(verdict.findings.at(-1)!.what).toContain('too unevenly for the formula');
});

test('a machine that does not hold the rate says so', () => {
  const slow = arm(4, 0.714);
  slow.phases[0]!.requestsPerSecond = 60;
  expect(expiry.judge([arm(1, 0.909), slow], DEFAULTS).verdict.sentence).toContain(
    'did not hold the rate with 4 workers',
  );
});

test.each([
  [{ ratePerSecond: null }, '--rate'],
  [{ timeoutSeconds: null }, '--timeout never'],
  [{ requests: 100 }, '--requests 100'],
  [{ keys: 400 }, '--keys 400'],
  [{ popularity: 'cyclic' as const }, '--popularity cyclic'],
])('refuses %o by the name of the flag', (given, flag) => {
  const options = { ...DEFAULTS, ...expiry.defaults };
  expect(expiry.refuse!({ ...options, ...given })).toContain(flag);
  expect(expiry.refuse!(options)).toBeNull();
});
