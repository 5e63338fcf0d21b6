import type { ClaimResult, ClaimVerdict, LessonVerdict } from '../../reports/course/course.ts';
import { distance } from '../../reports/record/distance.ts';
import { inUnit } from '../../reports/record/estimate.ts';
import type { Finding, RunRecord } from '../../reports/record/schema.ts';
import type { Claim } from '../../scenarios/curriculum/curriculum.ts';

/**
 * Each claim with the verdict of the findings that are on it, and of no others: one that disagrees
 * decides, then one that agrees. What was only measured, or is so by the lab's own construction,
 * illustrates it. What a run found whose audit failed counts for nothing.
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
        const verdict = isSound(record) ? verdictOf(findings) : 'failed';
        return { scenario: record.scenario.name, verdict, findings };
      });
    const verdict = WEIGHT.find((one) => shownBy.some((run) => run.verdict === one));
    return { claim, verdict: verdict ?? 'not measured', shownBy };
  });
}

const WEIGHT: readonly ClaimVerdict[] = ['contradicted', 'confirmed', 'failed', 'illustrated'];

function verdictOf(findings: readonly Finding[]): ClaimVerdict {
  if (findings.some(({ agrees }) => agrees === false)) return 'contradicted';
  if (findings.some(({ agrees, expected }) => agrees && expected?.by !== 'construction'))
    return 'confirmed';
  return findings.some(({ measured }) => measured !== null) ? 'illustrated' : 'not measured';
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
  return `disagrees: ${wrong.what}: measured ${inUnit(wrong.measured, wrong.unit)}, expected ${inUnit(wrong.expected!.value, wrong.unit)}; ${distance(wrong)}`;
}

function speaksOf(record: RunRecord, claim: Claim): boolean {
  return record.scenario.claims.includes(claim.id) || findingsOn(record, claim).length > 0;
}

function findingsOn({ verdict }: RunRecord, { id }: Claim): Finding[] {
  return (verdict?.findings ?? []).filter((finding) => finding.claim === id);
}

/** What a run came to. */
export function runVerdict(record: RunRecord): LessonVerdict {
  return isSound(record) ? (record.verdict?.agreement ?? 'not judged') : 'failed';
}

/** The figures of a run whose audit failed prove nothing. */
function isSound({ status, arms }: RunRecord): boolean {
  return status === 'complete' && arms.every((arm) => arm.phases.every(({ audit }) => audit.clean));
}
