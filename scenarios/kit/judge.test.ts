import { describe, expect, test } from 'vitest';
import { exactly, within } from '../theory/estimate.ts';
import { type Held, type Scenario, SERVICE_KILLED, type SeenArm } from './contract.ts';
import { hitRateAbove, hitRateOfPhase, missesOfPhase } from './finding.ts';
import { recordedArm } from './fixtures/arm.ts';
import { judge } from './judge.ts';

const right: Held = { what: 'it', unit: 'hits', expected: exactly(1, 'x'), measured: 1 };
const wrong: Held = { ...right, measured: 2 };
const open: Held = { ...wrong, expected: null };
const ofNoClaim = (held: Held): Held => ({ ...held, claim: null });
const FIGURE = { kind: 'table', id: 'a', title: '', caption: '' };

/** A scenario that finds so much in each arm. */
const scenario = (change: Partial<Scenario<Held[]>> = {}): Scenario<Held[]> => ({
  ...{ name: 'x', question: '?', claims: ['C4', 'C5'], seconds: 1 },
  arms: () => [],
  measure: async () => [],
  findings: ({ observations }) => observations,
  sentence: (arms) => `${arms.length} arms.`,
  ...change,
});
const arm = (...observations: Held[]): SeenArm<Held[]> => recordedArm({ observations });
const verdictOf = (arms: SeenArm<Held[]>[], change = {}) => judge(scenario(change), arms).verdict;

describe('a verdict', () => {
  test('agrees when all that theory speaks of does', () => {
    expect(verdictOf([arm(right, open), arm(right)])).toEqual({
      ...{ agreement: 'agrees', sentence: '2 arms.', headline: null },
      findings: [
        { ...right, claim: 'C4', agrees: true },
        { ...open, claim: 'C4', agrees: null },
        { ...right, claim: 'C4', agrees: true },
      ],
    });
  });

  test('does not agree where the audit of any phase failed', () => {
    const lost = { audit: { clean: false, checks: [] } };
    const failed = { ...recordedArm({ phases: [{}, lost] }), observations: [right] };
    expect(verdictOf([arm(right), failed]).agreement).toBe('not judged');
    expect(verdictOf([arm(wrong), failed]).agreement).toBe('disagrees');
  });

  test('does not agree where a service failed that the scenario had not killed', () => {
    const events = [{ atRequest: 1, atMillis: 1, slot: null, label: SERVICE_KILLED }];
    const failed = (phase: object) => ({
      ...recordedArm({ phases: [{ totals: { errors: 9 }, ...phase }] }),
      observations: [right],
    });
    expect(verdictOf([failed({})]).agreement).toBe('not judged');
    expect(verdictOf([failed({ events })]).agreement).toBe('agrees');
  });

  test('disagrees as soon as one finding does, and is open without any', () => {
    expect(verdictOf([arm(right), arm(open, wrong)])).toMatchObject({
      ...{ agreement: 'disagrees', sentence: '2 arms.' },
    });
    expect(verdictOf([arm(open), arm()])).toMatchObject({
      ...{ agreement: 'not judged', sentence: '2 arms.' },
    });
  });

  test('leaves out what a scenario has nothing to say about', () => {
    const findings = () => [null, right];
    const exhibits = () => [null, { ...FIGURE, id: 'b' }];
    const judged = judge(scenario({ findings, exhibits } as never), [arm()]);
    expect(judged.verdict.findings).toEqual([{ ...right, claim: 'C4', agrees: true }]);
    expect(judged.exhibits).toEqual([{ ...FIGURE, id: 'b' }]);
  });

  test('takes what several arms tell together for a finding too', () => {
    const comparisons = (arms: readonly unknown[]) => (arms.length === 2 ? [wrong] : []);
    expect(verdictOf([arm(right)], { comparisons }).agreement).toBe('agrees');
    const { agreement, findings } = verdictOf([arm(right), arm(right)], { comparisons });
    expect(agreement).toBe('disagrees');
    expect(findings.map(({ agrees }) => agrees)).toEqual([true, true, false]);
  });

  test('is on the scenario’s first claim unless a finding names another', () => {
    const { findings } = verdictOf([arm(right, { ...right, claim: 'C5' }, ofNoClaim(right))]);
    expect(findings.map(({ claim }) => claim)).toEqual(['C4', 'C5', null]);
  });

  test('is not proved by what is about no claim, which does not hide that it disagrees', () => {
    expect(verdictOf([arm(ofNoClaim(right), open)]).agreement).toBe('not judged');
    expect(verdictOf([arm(ofNoClaim(open), right)]).agreement).toBe('agrees');
    expect(verdictOf([arm(ofNoClaim(wrong), right)]).agreement).toBe('disagrees');
    expect(verdictOf([arm(ofNoClaim(right))]).agreement).toBe('agrees');
  });

  test('says nothing where nothing was measured', () => {
    const exhibits = () => [FIGURE] as never;
    const nothing = 'Nothing was measured.';
    expect(judge(scenario({ exhibits }), [])).toEqual({
      verdict: { agreement: 'not judged', sentence: nothing, headline: null, findings: [] },
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

  test('is a phase’s misses, held against what theory expects of it', () => {
    const held = { what: 'it', unit: 'misses', expected: misses, measured: 7 };
    expect(missesOfPhase(phase!, 'it')).toEqual(held);
    expect(missesOfPhase({ ...phase!, expected: null }, 'it')).toEqual({ ...held, expected: null });
  });

  test('is a phase’s hit rate, held against what theory expects of it', () => {
    const held = { what: 'it', unit: 'share', expected: hitRate, measured: 0.55 };
    expect(hitRateOfPhase(phase!, 'it')).toEqual(held);
    expect(hitRateOfPhase({ ...phase!, expected: null }, 'it')).toEqual({
      ...held,
      expected: null,
    });
  });

  test('is how far one hit rate is above another, chance of both allowed for', () => {
    const other = { ...phase!, totals: { ...phase!.totals, hitRate: 0.4 } };
    expect(hitRateAbove(phase!, other, 'it')).toMatchObject({
      ...{ what: 'it', unit: 'share', measured: expect.closeTo(0.15) },
      expected: { value: 0, low: expect.closeTo(-0.1414), high: expect.closeTo(0.1414) },
    });
    const unknown = { ...other, expected: null, totals: { ...other.totals, hitRate: null } };
    expect(hitRateAbove(phase!, unknown, 'it')).toMatchObject({ expected: null, measured: null });
    expect(hitRateAbove(unknown, phase!, 'it')).toMatchObject({ expected: null, measured: null });
  });
});
