import { expect, test } from 'vitest';
import { DEFAULTS } from '../../lab/console/options.ts';
import { recordedArm } from '../kit/fixtures/arm.ts';
import { user123 } from './scenario.ts';

/** Three workers asked three times each; `shared`: as if they had one cache between them. */
function arm(shared: boolean) {
  const steps = Array.from({ length: 9 }, (_, at) => ({
    slot: (at % 3) + 1,
    outcome: at < (shared ? 1 : 3) ? 'cold' : 'hit',
    latencyMicros: 500,
    holders: shared ? [1, 2, 3] : [1, 2, 3].slice(0, at + 1),
  }));
  return recordedArm({
    workers: 3,
    observations: { steps },
    phases: [{ totals: { originQueries: shared ? 1 : 3 } }],
  });
}

test('three workers that each had to read it agree with theory', () => {
  const { verdict } = user123.judge([arm(false)], DEFAULTS);
  expect(verdict.agreement).toBe('agrees');
  expect(verdict.sentence).toContain('did not know it');
  expect(verdict.sentence).toContain('3 went to the database');
});

test('workers that know what another one has cached disagree with it', () => {
  const { verdict } = user123.judge([arm(true)], DEFAULTS);
  expect(verdict.agreement).toBe('disagrees');
  expect(verdict.sentence).toContain('knew it');
});

test('the strip shows who was asked, who held it, and who did not', () => {
  const [strip] = user123.judge([arm(false)], DEFAULTS).exhibits;
  if (strip?.kind !== 'strip') throw new Error('there is no strip');
  expect(strip.rows.map((row) => row.cells.map((cell) => cell.state).slice(0, 4))).toEqual([
    ['bad', 'neutral', 'neutral', 'good'],
    ['empty', 'bad', 'neutral', 'neutral'],
    ['empty', 'empty', 'bad', 'neutral'],
  ]);
});

test.each([
  [{ workers: [1, 4] }, '--workers 1'],
  [{ keys: 100 }, '--keys 100'],
  [{ timeoutSeconds: 1 }, '--timeout 1'],
])('refuses %o by the name of the flag', (given, flag) => {
  expect(user123.refuse!({ ...DEFAULTS, ...given })).toContain(flag);
  expect(user123.refuse!(DEFAULTS)).toBeNull();
});
