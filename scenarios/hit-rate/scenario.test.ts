import { expect, test } from 'vitest';
import { DEFAULTS } from '../../lab/console/options.ts';
import type { Arm, Estimate } from '../../reports/record/schema.ts';
import { recordedArm } from '../kit/fixtures/arm.ts';
import { hitRate } from './scenario.ts';

const estimate = (value: number, low: number, high: number): Estimate => ({
  ...{ value, low, high, interval: '95 % of runs', source: 'a test' },
});

/** One arm of 4,000 requests over 200 keys, of which so many missed where so many were expected. */
function arm(workers: number, missed: number, expected: Estimate, change: Partial<Arm> = {}): Arm {
  const hitRate = 1 - missed / 4_000;
  const misses = { cold: missed, expired: 0, evicted: 0 };
  const made = recordedArm({
    workers,
    phases: [
      {
        expected: { misses: expected, hitRate: estimate(hitRate, hitRate, hitRate) },
        totals: { requests: 4_000, hits: 4_000 - missed, misses, hitRate, entries: missed },
      },
    ],
  });
  Object.assign(made.phases[0]!.totals, { uniqueEntries: 200, duplicationFactor: missed / 200 });
  return { ...made, ...change };
}

const one = arm(1, 200, estimate(200, 199, 200));
const expectedOfFour = estimate(725, 710, 740);
const judge = (arms: Arm[]) => hitRate.judge(arms, DEFAULTS).verdict;

test('four caches for one agree with theory, and the sentence has the figures', () => {
  const verdict = judge([one, arm(4, 729, expectedOfFour)]);
  expect(verdict.agreement).toBe('agrees');
  expect(verdict.sentence).toContain('went from 95.0 % to 81.8 %');
  expect(verdict.sentence).toContain('729 times instead of 200 (3.6 ×)');
});

test('four workers that miss no more than one disagree: something shares the cache', () => {
  const verdict = judge([one, arm(4, 200, expectedOfFour)]);
  expect(verdict.agreement).toBe('disagrees');
  expect(verdict.sentence).toContain('the hit rate stayed at 95.0 %');
});

test.each([
  [695, 'agrees'],
  [694, 'disagrees'],
  [755, 'agrees'],
  [756, 'disagrees'],
])(
  '%i misses of 725 ± 15 expected: %s, since the tolerance is twice the interval',
  (misses, agreement) => {
    expect(judge([one, arm(4, misses, expectedOfFour)]).agreement).toBe(agreement);
  },
);

test('other backends are named beside the local one', () => {
  const redis = arm(4, 200, estimate(200, 199, 200), {
    backend: 'redis',
    name: '4 workers, redis',
  });
  const { sentence } = judge([one, arm(4, 729, expectedOfFour), redis]);
  expect(sentence).toContain('With redis it was 95.0 % and 200 times.');
});

test('several rounds come with median and spread', () => {
  const rounds = [1, 2, 3].map((round) =>
    arm(4, 700 + 10 * round, expectedOfFour, { round, name: `4 workers, round ${round}` }),
  );
  const { exhibits } = hitRate.judge([one, ...rounds], DEFAULTS);
  const [table] = exhibits;
  if (table?.kind !== 'table') throw new Error('there is no table of the rounds');
  expect(table.rows).toContainEqual(['4 × locmem', 3, 82, 81.75, 82.25]);
});

test('where theory has no figure for several workers, one worker does not decide', () => {
  const cyclic = arm(4, 800, expectedOfFour);
  cyclic.phases[0]!.expected = null;
  expect(judge([one, cyclic]).agreement).toBe('not judged');
});
