import { agreesWith } from '../../reports/record/estimate.ts';
import type { Exhibit, Finding, Verdict } from '../../reports/record/schema.ts';
import { type Scenario, SERVICE_KILLED, type SeenArm } from './contract.ts';

/** The verdict and the scenario's own figures, from its recorded arms alone. */
export function judge<Seen>(
  scenario: Scenario<Seen>,
  arms: readonly SeenArm<Seen>[],
): { verdict: Verdict; exhibits: Exhibit[] } {
  const held = [
    ...arms.flatMap((arm) => scenario.findings(arm)),
    ...(scenario.comparisons?.(arms) ?? []),
  ];
  const [first = null] = scenario.claims;
  const findings = held.flatMap((one): Finding[] => {
    if (!one) return [];
    return [{ claim: first, ...one, agrees: agreesWith(one.expected, one.measured) }];
  });
  const sentence = arms.length === 0 ? null : scenario.sentence(arms);
  return {
    verdict: {
      sentence: sentence ?? 'Nothing was measured.',
      agreement: arms.every(isSound) ? agreementOf(findings) : withoutProof(findings),
      headline: arms.length === 0 ? null : (scenario.headline?.(arms) ?? null),
      findings,
    },
    exhibits:
      arms.length === 0 ? [] : (scenario.exhibits?.(arms) ?? []).filter((one) => one !== null),
  };
}

/** Figures of arms that are not sound prove nothing right. */
function withoutProof(findings: readonly Finding[]): Verdict['agreement'] {
  return agreementOf(findings) === 'disagrees' ? 'disagrees' : 'not judged';
}

/** Clients and workers agree, and the cache answered unless the scenario had killed its service. */
function isSound({ phases }: SeenArm<unknown>): boolean {
  return phases.every(
    ({ audit, totals, events }) =>
      audit.clean && (totals.errors === 0 || events.some(({ label }) => label === SERVICE_KILLED)),
  );
}

/**
 * They agree when all that theory speaks of do. What is about no claim proves none: where theory is
 * silent on all that are, there is no verdict.
 */
function agreementOf(findings: readonly Finding[]): Verdict['agreement'] {
  const onClaims = findings.filter(({ claim }) => claim !== null);
  const decisive = onClaims.length > 0 ? onClaims : findings;
  if (decisive.every(({ agrees }) => agrees === null)) return 'not judged';
  return findings.every(({ agrees }) => agrees !== false) ? 'agrees' : 'disagrees';
}
