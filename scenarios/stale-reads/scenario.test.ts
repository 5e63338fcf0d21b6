import { expect, test } from 'vitest';
import { DEFAULTS } from '../../lab/console/options.ts';
import { recordedArm } from '../kit/fixtures/arm.ts';
import { staleReads } from './scenario.ts';

/**
 * Four workers read in turn every 10 ms for 3 s; entries live 2 s; the update comes at 0.6 s.
 * `told`: the update reaches every worker. `late`: old copies outlive their timeout by so much.
 */
function arm({ told = false, late = 0, clearReaches = 1 } = {}) {
  const atSeconds = Array.from({ length: 300 }, (_, i) => 1_000 + i / 100 + 0.005);
  const slot = atSeconds.map((_, i) => (i % 4) + 1);
  const version = atSeconds.map((at, i) => {
    const knows = at > 1_000.6 && (told || slot[i] === 1 || at > 1_002 + late);
    return knows ? 2 : 1;
  });
  const entries = [1, 2, 3, 4].map((worker) => ({ slot: worker, entries: 1 }));
  return recordedArm({
    workers: 4,
    cache: { maxEntries: 300, timeoutSeconds: 2, cullFrequency: 3 },
    observations: {
      reads: {
        atSeconds,
        slot,
        version,
        copies: [1, 2, 3, 4].map((worker) => ({ slot: worker, atSeconds: 1_000 })),
        update: { slot: 1, atSeconds: 1_000.6, version: 2 },
      },
      clear: {
        before: entries,
        after: entries.map((one) => (one.slot <= clearReaches ? { ...one, entries: 0 } : one)),
      },
    },
  });
}

test('three of four reads are stale until the copies expire, and a clear reaches one of four', () => {
  const { verdict } = staleReads.judge([arm()], DEFAULTS);
  expect(verdict.agreement).toBe('agrees');
  expect(verdict.sentence).toContain('75.0 % of the reads');
  expect(verdict.sentence).toContain('1.4 s later');
  expect(verdict.sentence).toContain('reached 1 of 4 caches');
});

test('an update that every worker hears of disagrees', () => {
  const { verdict } = staleReads.judge([arm({ told: true })], DEFAULTS);
  expect(verdict.agreement).toBe('disagrees');
});

test('copies that outlive their timeout disagree', () => {
  const { findings } = staleReads.judge([arm({ late: 0.5 })], DEFAULTS).verdict;
  expect(findings.filter(({ agrees }) => !agrees).map(({ what }) => what)).toEqual([
    'reads with the old name after every old copy had expired, with 4 workers',
  ]);
});

test('a clear that reaches all workers disagrees', () => {
  const { findings } = staleReads.judge([arm({ clearReaches: 4 })], DEFAULTS).verdict;
  expect(findings.filter(({ agrees }) => !agrees)).toHaveLength(1);
});

test('a copy that was made anew before the update counts from then', () => {
  const slow = arm();
  const reads = slow.observations.reads as { copies: { slot: number; atSeconds: number }[] };
  // Worker 2 had read it first long before, and once more at 1,000.
  reads.copies.unshift({ slot: 2, atSeconds: 990 });
  expect(staleReads.judge([slow], DEFAULTS).verdict.agreement).toBe('agrees');
});

test('a run in which the update was never made claims nothing', () => {
  const untold = arm();
  (untold.observations.reads as { update: unknown }).update = null;
  expect(staleReads.judge([untold], DEFAULTS).verdict.agreement).toBe('disagrees');
});

test.each([
  [{ ratePerSecond: null }, '--rate'],
  [{ timeoutSeconds: null }, '--timeout never'],
  [{ timeoutSeconds: 300 }, '--timeout 300'],
  [{ ratePerSecond: 20 }, '--rate 20'],
  [{ maxEntries: 2 }, '--max-entries 2'],
])('refuses %o by the name of the flag', (given, flag) => {
  const options = { ...DEFAULTS, ...staleReads.defaults };
  expect(staleReads.refuse!({ ...options, ...given })).toContain(flag);
  expect(staleReads.refuse!(options)).toBeNull();
});
