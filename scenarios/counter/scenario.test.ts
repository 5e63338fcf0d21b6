import { expect, test } from 'vitest';
import { DEFAULTS } from '../../lab/console/options.ts';
import { recordedArm } from '../kit/fixtures/arm.ts';
import { increaseOf, type Scrape } from './judgement.ts';
import { counter } from './scenario.ts';

/** Three workers with 10, 20 and 30 visits; `shared`: as if one counter counted them all. */
function arm(shared: boolean) {
  const visitsOf = [10, 20, 30];
  const counts = visitsOf.map((visits, i) => ({
    slot: i + 1,
    visits,
    counter: shared ? 60 : visits,
  }));
  const scrapes: Scrape[] = [3, 1, 2].map((slot, i) => {
    const visitsInAll = 20 * (i + 1);
    const visitsThere = Math.round((visitsOf[slot - 1]! * visitsInAll) / 60);
    return { slot, value: shared ? visitsInAll : visitsThere, visitsThere, visitsInAll };
  });
  return recordedArm({ workers: 3, observations: { counts, scrapes } });
}

test('a counter in each worker agrees with theory', () => {
  const { verdict } = counter.judge([arm(false)], DEFAULTS);
  expect(verdict.agreement).toBe('agrees');
  expect(verdict.sentence).toContain('the highest showed 30 of 60 visits');
  expect(verdict.sentence).toContain('the value fell 1 times');
});

test('one counter for all disagrees with it, in each finding', () => {
  const { verdict } = counter.judge([arm(true)], DEFAULTS);
  expect(verdict.agreement).toBe('disagrees');
  expect(verdict.findings.map((finding) => finding.agrees)).toEqual([false, false, false]);
});

test('a fall counts as a restart from zero, which is how interleaved counters inflate a rate', () => {
  expect(increaseOf([10, 20, 30])).toBe(20);
  // Two counters scraped in turn, neither of which moved.
  expect(increaseOf([10, 30, 10, 30, 10])).toBe(20 + 10 + 20 + 10);
  expect(increaseOf([])).toBe(0);
});

test.each([
  [{ workers: [1] }, '--workers 1'],
  [{ requests: 100 }, '--requests 100'],
])('refuses %o by the name of the flag', (given, flag) => {
  const usual = { ...DEFAULTS, ...counter.defaults };
  expect(counter.refuse!({ ...usual, ...given })).toContain(flag);
  expect(counter.refuse!(usual)).toBeNull();
});
