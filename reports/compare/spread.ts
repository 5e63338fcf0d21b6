import type { Estimate } from '../record/schema.ts';

/** Values of one figure: one for each round, and the interval that theory gives for one run. */
export interface Sample {
  /** One or more. */
  readonly values: readonly number[];
  readonly expected: Pick<Estimate, 'value' | 'low' | 'high'> | null;
}

/** Where a spread comes from. */
export type SpreadSource = 'rounds' | 'expectation' | 'unknown';

/** How far two samples are apart, and how far chance alone may put them apart. */
export interface Difference {
  /** The second's mean less the first's. */
  readonly value: number;
  /** Half of the 95 % interval around it; `null`: unknown. */
  readonly halfWidth: number | null;
  readonly source: SpreadSource;
}

/**
 * The difference of two samples with its spread.
 *
 * Two or more rounds on both sides: Welch's t interval of the difference of the means. Otherwise,
 * where theory gives an interval for both: the half-widths, added as independent errors are. That
 * interval holds for the requests that each worker really got. How requests fall on the workers is
 * chance too, and shows as a difference of the expectations; where nothing else can have caused it
 * (`sameExpectation`), it counts as spread.
 *
 * @param sameExpectation theory would expect the same of both but for the fall of requests
 */
export function differenceOf(a: Sample, b: Sample, sameExpectation: boolean): Difference {
  const value = mean(b.values) - mean(a.values);
  if (a.values.length > 1 && b.values.length > 1) {
    return { value, halfWidth: welchHalfWidth(a.values, b.values), source: 'rounds' };
  }
  if (a.expected && b.expected) {
    const drift = sameExpectation ? Math.abs(a.expected.value - b.expected.value) : 0;
    const noise = Math.hypot(halfOf(a.expected), halfOf(b.expected));
    return { value, halfWidth: noise + drift, source: 'expectation' };
  }
  return { value, halfWidth: null, source: 'unknown' };
}

/** Whether chance alone would hardly put them so far apart. */
export function isTold({ value, halfWidth }: Difference): boolean {
  return halfWidth !== null && Math.abs(value) > halfWidth;
}

/** The mean of one value or more. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Welch (1947): variances need not be equal; degrees of freedom after Satterthwaite, rounded down. */
function welchHalfWidth(a: readonly number[], b: readonly number[]): number {
  const [partA, partB] = [variance(a) / a.length, variance(b) / b.length];
  const both = partA + partB;
  if (both === 0) return 0;
  const freedom = both ** 2 / (partA ** 2 / (a.length - 1) + partB ** 2 / (b.length - 1));
  return studentQuantile(Math.max(1, Math.floor(freedom))) * Math.sqrt(both);
}

function variance(values: readonly number[]): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
}

function halfOf({ low, high }: { low: number; high: number }): number {
  return (high - low) / 2;
}

/** Student's t, two-sided 95 %, by degrees of freedom from 1; Fisher and Yates, table III. */
const STUDENT = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145,
  2.131, 2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048,
  2.045, 2.042,
];

/** Beyond the table the quantile of 30, which is a little too wide and never too narrow. */
function studentQuantile(freedom: number): number {
  return STUDENT[Math.min(freedom, STUDENT.length) - 1]!;
}
