import { describe, expect, test } from 'vitest';
import { sampleRecord } from '../../reports/fixtures/sample-record.ts';
import { agreesWith } from '../../reports/record/estimate.ts';
import type { Finding, RunRecord } from '../../reports/record/schema.ts';
import { claims } from '../../scenarios/curriculum/curriculum.ts';
import { loadScenarios } from '../../scenarios/index.ts';
import { within } from '../../scenarios/theory/estimate.ts';
import { claimVerdicts, failureLine, succeeded } from './claim-verdicts.ts';

const CLAIM = { id: 'C4', text: 'Four workers are four caches.' };

function run(change: (record: RunRecord) => void): RunRecord {
  const record = sampleRecord();
  change(record);
  return record;
}

function finding(claim: string, agrees: boolean, isExpected = true): Finding {
  const expected = isExpected
    ? within(700, { low: 690, high: 710, reason: 'a test' }, 'occupancy')
    : null;
  const measured = agrees ? 701 : 900;
  return {
    ...{ claim, what: 'misses', unit: 'misses', expected, measured },
    agrees: agreesWith(expected, measured),
  };
}

const judged = (...findings: Finding[]) =>
  run((record) => {
    const agreement = findings.every((one) => one.agrees !== false) ? 'agrees' : 'disagrees';
    record.verdict = { sentence: 'So it is.', agreement, findings };
  });
const verdictOf = (...records: RunRecord[]) => claimVerdicts([CLAIM], records)[0]!.verdict;

describe('the verdict on a claim', () => {
  test('is that of the findings on it, not of those on others', () => {
    expect(verdictOf(judged(finding('C4', true), finding('C9', false)))).toBe('confirmed');
    expect(verdictOf(judged(finding('C4', false), finding('C9', true)))).toBe('contradicted');
  });

  test('is not that of the run where no finding names it', () => {
    expect(verdictOf(judged(finding('C9', true)))).toBe('not measured');
  });

  test('is "contradicted" as soon as one run says so', () => {
    expect(verdictOf(judged(finding('C4', true)), judged(finding('C4', false)))).toBe(
      'contradicted',
    );
  });

  test('is "illustrated" where it was only measured, or the lab’s own code makes it so', () => {
    const only = finding('C4', true, false);
    const made = finding('C4', true);
    made.expected!.by = 'construction';
    expect(verdictOf(judged(only))).toBe('illustrated');
    expect(verdictOf(judged(made))).toBe('illustrated');
    expect(verdictOf(judged(only, made), judged(finding('C4', true)))).toBe('confirmed');
    expect(verdictOf(judged({ ...only, measured: null }))).toBe('not measured');
  });

  test('is not given by a run that failed, or whose audit did', () => {
    const broken = judged(finding('C4', true));
    broken.arms[0]!.phases[0]!.audit.clean = false;
    expect(verdictOf(broken)).toBe('failed');
    expect(verdictOf({ ...judged(finding('C4', true)), status: 'failed' })).toBe('failed');
    expect(verdictOf(broken, judged(finding('C4', true)))).toBe('confirmed');
    expect(verdictOf()).toBe('not measured');
  });
});

describe('the line on a failure', () => {
  test('is there exactly where a run did not succeed, and names what was wrong', () => {
    const runs = [
      judged(finding('C4', true)),
      judged(finding('C4', false)),
      run((record) => {
        record.status = 'failed';
        record.failure = 'Worker 2 died.\n    at somewhere';
      }),
      run((record) => {
        record.arms[0]!.phases[0]!.audit.clean = false;
      }),
    ];
    expect(runs.map(succeeded)).toEqual([true, false, false, false]);
    expect(runs.map(failureLine)).toEqual([
      null,
      'disagrees: misses: measured 900 misses, expected 700 misses; 200 apart; the tolerance is ± 10: a test',
      'failed: Worker 2 died.',
      expect.stringMatching(/audit failed/),
    ]);
  });
});

describe('the claims', async () => {
  const named = (await loadScenarios()).flatMap((scenario) => scenario.claims);

  test('are C1 to C20, and scenarios name no others', () => {
    const ids = claims.map((claim) => claim.id);
    expect(ids).toEqual(Array.from({ length: 20 }, (_, index) => `C${index + 1}`));
    expect(named.filter((id) => !ids.includes(id))).toEqual([]);
  });

  test('are each shown by a scenario, or say where they are answered', () => {
    const open = claims.filter((claim) => !named.includes(claim.id) && !claim.elsewhere);
    expect(open).toEqual([]);
  });
});
