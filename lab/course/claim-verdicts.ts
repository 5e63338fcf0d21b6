import type { ClaimResult, ClaimVerdict } from '../../reports/course/course.ts';
import { inUnit } from '../../reports/record/estimate.ts';
import type { Finding, RunRecord } from '../../reports/record/schema.ts';
import type { Claim } from '../../scenarios/curriculum/curriculum.ts';

/**
 * Each claim with the verdict of the runs that speak of it: one that disagrees decides, then one
 * that agrees. A run speaks of a claim by its findings on it; where it has none, by its verdict.
 */
export function claimVerdicts(
  claims: readonly Claim[],
  records: readonly RunRecord[],
): ClaimResult[] {
  return claims.map((claim) => {
    const shownBy = records
      .filter((record) => speaksOf(record, claim))
      .map((record) => {
        const findings = findingsOn(record, claim);
        return { scenario: record.scenario.name, verdict: runVerdict(record, findings), findings };
      });
    const verdicts = new Set(shownBy.map((run) => run.verdict));
    const verdict = WEIGHT.find((one) => verdicts.has(one)) ?? 'not measured';
    return { claim, verdict, shownBy };
  });
}

/** A run that ended, whose audit is clean and whose verdict is not "disagrees". */
export function succeeded(record: RunRecord): boolean {
  return isSound(record) && record.verdict?.agreement !== 'disagrees';
}

/** Why a run did not succeed, in one line; `null` when it did. */
export function failureLine(record: RunRecord): string | null {
  if (succeeded(record)) return null;
  const { status, failure, verdict } = record;
  if (status !== 'complete') return `${status}: ${failure?.split('\n')[0] ?? 'nobody knows why'}`;
  if (!isSound(record))
    return 'the audit failed: clients and workers do not agree on what happened';
  const wrong = verdict?.findings.find((finding) => finding.agrees === false);
  if (!wrong) return `disagrees: ${verdict?.sentence}`;
  const expected = inUnit(wrong.expected?.value ?? null, wrong.unit);
  const measured = wrong.measured === null ? 'nothing' : inUnit(wrong.measured, wrong.unit);
  return `disagrees: ${wrong.what}: measured ${measured}, expected ${expected}`;
}

const WEIGHT: readonly ClaimVerdict[] = ['disagrees', 'agrees', 'failed', 'not judged'];

function speaksOf(record: RunRecord, claim: Claim): boolean {
  return record.scenario.claims.includes(claim.id) || findingsOn(record, claim).length > 0;
}

function findingsOn({ verdict }: RunRecord, { id }: Claim): Finding[] {
  return (verdict?.findings ?? []).filter((finding) => finding.claim === id);
}

/** What a run came to, by some of its findings or, where there are none, by its own verdict. */
export function runVerdict(record: RunRecord, findings: readonly Finding[] = []): ClaimVerdict {
  if (!isSound(record)) return 'failed';
  if (findings.some((finding) => finding.agrees === false)) return 'disagrees';
  if (findings.some((finding) => finding.expected !== null)) return 'agrees';
  return record.verdict?.agreement ?? 'not judged';
}

/** The figures of a run whose audit failed prove nothing. */
function isSound({ status, arms }: RunRecord): boolean {
  return status === 'complete' && arms.every((arm) => arm.phases.every(({ audit }) => audit.clean));
}
