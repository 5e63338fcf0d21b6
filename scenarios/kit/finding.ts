import type { Estimate, Finding, Verdict } from '../../reports/record/schema.ts';

/** How far from an interval a run may fall and still agree; a fair run does in 9,999 of 10,000. */
const TWICE = 'twice the half-width of the 95 % interval';

/**
 * The verdict of these findings: they agree when all that theory speaks of do.
 *
 * @param decisive those without which there is no verdict; left out: any of them
 */
export function conclude(
  sentence: string,
  findings: readonly Finding[],
  decisive: readonly Finding[] = findings,
): Verdict {
  const judged = findings.filter((finding) => finding.expected !== null);
  const agreement = decisive.every((finding) => finding.expected === null)
    ? 'not judged'
    : judged.every((finding) => finding.agrees)
      ? 'agrees'
      : 'disagrees';
  return { sentence: `${sentence} ${REMARKS[agreement]}`, agreement, findings: [...findings] };
}

const REMARKS: Record<Verdict['agreement'], string> = {
  agrees: 'Theory expected this.',
  disagrees: 'Theory expected something else: look at the figures before you believe either.',
  'not judged': 'Theory has no figure for this traffic.',
};

/**
 * A finding held against its expectation; `null`: nothing is expected.
 *
 * @param slack added to either side, in the finding's unit: 1 for a count, since an expectation of
 *   199.97 of 200 is a rounded one and some fair runs show 199
 */
export function finding(seen: Omit<Finding, 'tolerance' | 'agrees'>, slack = 0): Finding {
  const { expected, measured } = seen;
  if (expected === null) return { ...seen, tolerance: 'none: only measured', agrees: true };
  const exact = expected.low === expected.value && expected.high === expected.value;
  return {
    ...seen,
    tolerance: exact ? 'none: it is exact' : slack > 0 ? `${TWICE}, at least ${slack}` : TWICE,
    agrees: measured !== null && isWithin(expected, measured, exact ? 0 : slack),
  };
}

function isWithin({ value, low, high }: Estimate, measured: number, slack: number): boolean {
  const below = Math.max(slack, 2 * (value - (low ?? value)));
  const above = Math.max(slack, 2 * ((high ?? value) - value));
  return measured >= value - below && measured <= value + above;
}

/** What must be so in every run, without chance. */
export function exactly(value: number, source: string): Estimate {
  return { value, low: value, high: value, interval: 'every run', source };
}

/** `1,234` */
export const count = (value: number): string => value.toLocaleString('en-US');

/** `3 workers`, `1 worker` */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

/** `81.7 %`; `unknown` where nothing was asked. */
export const percent = (share: number | null | undefined): string =>
  share === null || share === undefined ? 'unknown' : `${(100 * share).toFixed(1)} %`;

/** A finding that agrees when it lies in the very interval of its expectation. */
export function findingInside(
  seen: Omit<Finding, 'tolerance' | 'agrees' | 'expected'> & { readonly expected: Estimate },
): Finding {
  const { expected, measured } = seen;
  return {
    ...seen,
    tolerance: expected.interval ?? 'the interval given',
    agrees:
      measured !== null &&
      measured >= (expected.low ?? expected.value) &&
      measured <= (expected.high ?? expected.value),
  };
}
