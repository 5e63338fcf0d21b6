import { expect, test } from 'vitest';
import { DEFAULTS } from '../../lab/console/options.ts';
import type { Estimate } from '../../reports/record/schema.ts';
import { recordedArm } from '../kit/fixtures/arm.ts';
import { entriesOverTime } from './entries-over-time.ts';
import { eviction } from './scenario.ts';

const estimate = (value: number): Estimate => ({
  value,
  low: value - 0.02,
  high: value + 0.02,
  interval: '95 % of runs',
  source: 'a test',
});

/** One arm with a cold and a steady phase; expected are 44 % and 24 % for the smaller caches. */
function arm(workers: number, maxEntries: number, steady: number, evictionsPerCull: number) {
  const keys = evictionsPerCull === 0 ? maxEntries : 1_200;
  const culls = evictionsPerCull === 0 ? 0 : 5;
  const expected = estimate(maxEntries < 300 ? 0.24 : 0.44);
  const phase = {
    workers: [{ culls, evictions: culls * evictionsPerCull }],
    totals: { hitRate: steady },
    expected: { hitRate: expected, misses: expected },
  };
  return recordedArm({
    name: `${workers} × ${maxEntries} entries`,
    workers,
    cache: { maxEntries, timeoutSeconds: null, cullFrequency: 3 },
    workload: { popularity: 'zipf', zipf: 0.8, keys, seed: 1 },
    phases: [
      { ...phase, name: 'cold start' },
      { ...phase, name: 'steady' },
    ],
  });
}

const room = arm(1, 300, 0.99, 0);
const one = arm(1, 300, 0.44, 100);
const shared = arm(4, 75, 0.24, 25);
const disagreeing = (...arms: ReturnType<typeof arm>[]) =>
  eviction
    .judge(arms, DEFAULTS)
    .verdict.findings.flatMap(({ agrees, what }) => (agrees ? [] : [what]));

test('the same steady hit rate for 1 × 300 and 4 × 300, and culls of a third, agree', () => {
  const arms = [room, one, arm(4, 300, 0.445, 100), shared];
  const { verdict } = eviction.judge(arms, DEFAULTS);
  expect(verdict.agreement).toBe('agrees');
  expect(verdict.sentence).toContain('44.5 % against 44.0 %');
  expect(verdict.sentence).toContain('4 × 75, it is 24.0 %');
});

test('a steady hit rate that falls with the number of workers disagrees', () => {
  expect(disagreeing(room, one, arm(4, 300, 0.3, 100), shared)).toContain(
    'steady hit rate of 4 × 300 entries above that of one worker',
  );
});

test('culls of another size than Django’s, and evictions where there was room, disagree', () => {
  const roomLost = { ...one, workload: { ...one.workload, keys: 200 } };
  expect(disagreeing(roomLost, arm(1, 300, 0.44, 1))).toEqual([
    'evictions, 1 × 300 entries',
    'entries that 10 culls dropped, 1 × 300 entries',
  ]);
});

test('entries over time rise one by one and fall by a cull, and other workers do not count', () => {
  const changes = {
    at: [0, 0, 1, 2, 3, 3, 3, 3, 4],
    slot: [1, 1, 2, 1, 1, 1, 1, 1, 1],
    key: [0, 1, 9, 2, 0, 1, 2, 3, 0],
    held: [1, 1, 1, 1, 0, 0, 0, 1, 1],
  };
  expect(entriesOverTime({ keys: [], slots: [1, 2], changes, final: [] }, 1)).toEqual([
    [0, 2],
    [2, 3],
    [3, 1],
    [4, 2],
  ]);
});

test.each([
  [{ workers: [1] }, '--workers 1'],
  [{ keys: 300 }, '--keys 300'],
  [{ maxEntries: 40, workers: [16] }, '--max-entries 40'],
  [{ popularity: 'cyclic' as const }, '--popularity cyclic'],
])('refuses %o by the name of the flag', (given, flag) => {
  const options = { ...DEFAULTS, ...eviction.defaults };
  expect(eviction.refuse!({ ...options, ...given })).toContain(flag);
  expect(eviction.refuse!(options)).toBeNull();
});
