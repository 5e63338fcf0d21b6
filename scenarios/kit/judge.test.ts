import { describe, expect, test } from 'vitest';
import type { Finding } from '../../reports/record/schema.ts';
import { exactly, within } from '../theory/estimate.ts';
import type { Scenario, SeenArm } from './contract.ts';
import { finding, hitRateFinding, missesFinding } from './finding.ts';
import { recordedArm } from './fixtures/arm.ts';
import { judge } from './judge.ts';

const seen = { claim: 'C4', what: 'it', unit: 'hits' };
const right = finding({ ...seen, expected: exactly(1, 'x'), measured: 1 });
const wrong = finding({ ...seen, expected: exactly(1, 'x'), measured: 2 });
const open = finding({ ...seen, expected: null, measured: 2 });

/** A scenario that finds so much in each arm. */
const scenario = (change: Partial<Scenario<Finding[]>> = {}): Scenario<Finding[]> => ({
  ...{ name: 'x', question: '?', claims: [], seconds: 1 },
  arms: () => [],
  measure: async () => [],
  findings: ({ observations }) => observations,
  sentence: (arms) => `${arms.length} arms.`,
  ...change,
});
const arm = (...observations: Finding[]): SeenArm<Finding[]> => recordedArm({ observations });
const verdictOf = (arms: SeenArm<Finding[]>[], change = {}) =>
  judge(scenario(change), arms).verdict;

const AGREES = 'Theory expected this.';
const DISAGREES = 'Theory expected something else: look at the figures before you believe either.';
const OPEN = 'Theory has no figure for this traffic.';

describe('a verdict', () => {
  test('agrees when all that theory speaks of does', () => {
    expect(verdictOf([arm(right, open), arm(right)])).toEqual({
      ...{ agreement: 'agrees', sentence: `2 arms. ${AGREES}` },
      findings: [right, open, right],
    });
  });

  test('disagrees as soon as one finding does, and is open without any', () => {
    expect(verdictOf([arm(right), arm(open, wrong)])).toMatchObject({
      ...{ agreement: 'disagrees', sentence: `2 arms. ${DISAGREES}` },
    });
    expect(verdictOf([arm(open), arm()])).toMatchObject({
      ...{ agreement: 'not judged', sentence: `2 arms. ${OPEN}` },
    });
  });

  test('takes what several arms tell together for a finding too', () => {
    const comparisons = (arms: readonly unknown[]) => (arms.length === 2 ? [wrong] : []);
    expect(verdictOf([arm(right)], { comparisons }).agreement).toBe('agrees');
    const { agreement, findings } = verdictOf([arm(right), arm(right)], { comparisons });
    expect(agreement).toBe('disagrees');
    expect(findings).toEqual([right, right, wrong]);
  });

  test('needs a decisive finding, which does not hide that others disagree', () => {
    const decisive = (findings: readonly Finding[]) => findings.slice(1);
    expect(verdictOf([arm(right, open)], { decisive }).agreement).toBe('not judged');
    expect(verdictOf([arm(open, right)], { decisive }).agreement).toBe('agrees');
    expect(verdictOf([arm(wrong, right)], { decisive }).agreement).toBe('disagrees');
  });

  test('says nothing where nothing was measured', () => {
    const exhibits = () => [{ kind: 'table' as const, id: 'a', title: '', caption: '' }] as never;
    const nothing = `Nothing was measured. ${OPEN}`;
    expect(judge(scenario({ exhibits }), [])).toEqual({
      verdict: { agreement: 'not judged', sentence: nothing, findings: [] },
      exhibits: [],
    });
    expect(verdictOf([arm()], { sentence: () => null }).sentence).toBe(nothing);
    expect(judge(scenario({ exhibits }), [arm()]).exhibits).toHaveLength(1);
    expect(judge(scenario(), [arm()]).exhibits).toEqual([]);
  });
});

describe('a finding', () => {
  const [misses, hitRate] = [3, 0.5].map((value) =>
    within(value, { low: value - 0.1, high: value + 0.1, reason: 'a test' }, 'x'),
  );
  const [phase] = recordedArm({
    phases: [
      {
        totals: { misses: { cold: 1, expired: 2, evicted: 4 }, hitRate: 0.55 },
        expected: { misses: misses!, hitRate: hitRate! },
      },
    ],
  }).phases;
  const about = { claim: 'C1', what: 'misses of it' };

  test('is a phase’s misses, held against what theory expects of it or of something else', () => {
    expect(missesFinding(phase!, about)).toEqual({
      ...{ ...about, unit: 'misses', expected: misses, measured: 7, agrees: false },
    });
    const other = exactly(7, 'x');
    expect(missesFinding(phase!, { ...about, expected: other })).toMatchObject({
      ...{ expected: other, agrees: true },
    });
    expect(missesFinding(phase!, { ...about, expected: null }).agrees).toBeNull();
    expect(missesFinding({ ...phase!, expected: null }, about).agrees).toBeNull();
  });

  test('is a phase’s hit rate, held against what theory expects of it', () => {
    expect(hitRateFinding(phase!, about)).toEqual({
      ...{ ...about, unit: 'share', expected: hitRate, measured: 0.55, agrees: true },
    });
    expect(hitRateFinding({ ...phase!, expected: null }, about)).toMatchObject({
      ...{ expected: null, measured: 0.55, agrees: null },
    });
  });
});
