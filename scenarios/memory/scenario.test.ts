import { expect, test } from 'vitest';
import { DEFAULTS } from '../../lab/console/options.ts';
import { recordedArm } from '../kit/fixtures/arm.ts';
import { memory } from './scenario.ts';

const MIB = 1024 ** 2;

/** A hundred documents of 0.125 MiB in each worker; `grown`: by how much each heap grew. */
function arm(workers: number, { grown = 13, entries = 100 * workers } = {}) {
  return recordedArm({
    workers,
    workload: { popularity: 'zipf', zipf: 0.8, keys: 100, seed: 1 },
    observations: {
      weighed: Array.from({ length: workers }, (_, index) => ({
        slot: index + 1,
        before: { entries: 0, contentBytes: 0, heapUsedBytes: 20 * MIB, rssBytes: 100 * MIB },
        after: {
          entries: 100,
          contentBytes: 12.5 * MIB,
          heapUsedBytes: (20 + grown) * MIB,
          rssBytes: 115 * MIB,
        },
      })),
    },
    phases: [{ totals: { entries, uniqueEntries: 100, duplicationFactor: entries / 100 } }],
  });
}

test('four workers that hold four copies in four times the memory agree', () => {
  const { verdict } = memory.judge([arm(1), arm(4)], DEFAULTS);
  expect(verdict.agreement).toBe('agrees');
  expect(verdict.sentence).toContain('13.0 MiB in one worker and 52.0 MiB in 4');
  expect(verdict.sentence).toContain('400 entries for 100 different pages');
});

test('workers whose heaps did not grow, as if the memory were shared, disagree', () => {
  expect(memory.judge([arm(1), arm(4, { grown: 3.1 })], DEFAULTS).verdict.agreement).toBe(
    'disagrees',
  );
});

test('entries that are not kept once per worker disagree', () => {
  const { findings } = memory.judge([arm(4, { entries: 100 })], DEFAULTS).verdict;
  expect(findings.filter(({ agrees }) => !agrees)).toHaveLength(2);
});

test.each([
  [{ keys: 400 }, '--keys 400'],
  [{ keys: 10 }, '--keys 10'],
  [{ timeoutSeconds: 1 }, '--timeout 1'],
])('refuses %o by the name of the flag', (given, flag) => {
  const options = { ...DEFAULTS, ...memory.defaults };
  expect(memory.refuse!({ ...options, ...given })).toContain(flag);
  expect(memory.refuse!(options)).toBeNull();
});
