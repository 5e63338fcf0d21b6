import { allowedRange, inUnit } from './estimate.ts';
import { counted, formatValue, points } from './format.ts';
import type { Estimate, Finding } from './schema.ts';

/**
 * How far what was measured lies from what was expected, and how far it may:
 * `0.7 points apart; chance allows ± 2.9 points`.
 */
export function distance({
  expected,
  measured,
  unit,
}: Pick<Finding, 'expected' | 'measured' | 'unit'>): string {
  if (expected === null) return 'only measured';
  if (measured === null) return 'not measured';
  const { interval, value } = expected;
  if (interval.kind === 'exact' && measured === value) return 'exactly that';
  const apart = `${written(Math.abs(measured - value), unit)} apart`;
  if (interval.kind === 'exact') return `${apart}; nothing is left to chance`;
  const allowed = allowance(expected, measured, unit);
  return interval.kind === 'chance'
    ? `${apart}; chance allows ${allowed}`
    : `${apart}; the tolerance is ${allowed}: ${interval.reason}`;
}

/** Who expects it, for a sentence: `theory`. */
export const AUTHORITY: Readonly<Record<Estimate['by'], string>> = {
  formula: 'theory',
  model: 'the model',
  construction: 'the lab’s own code',
};

/** Who says so, of several estimates: the one authority, or theory where they differ. */
export function authorityOf(estimates: readonly (Pick<Estimate, 'by'> | null)[]): string {
  const [by, ...others] = new Set(estimates.flatMap((one) => one?.by ?? []));
  return AUTHORITY[by === undefined || others.length > 0 ? 'formula' : by];
}

/** What findings come to, in one sentence: the one furthest from what was expected; `''` for none. */
export function agreementInWords(findings: readonly Finding[]): string {
  const held = findings.flatMap(({ expected, ...finding }) =>
    expected === null ? [] : [{ ...finding, expected }],
  );
  const furthest = held.toSorted((a, b) => shareOfAllowed(b) - shareOfAllowed(a))[0];
  if (!furthest) return findings.length === 0 ? '' : 'Theory has no figure for this traffic.';
  const { what, expected, agrees } = furthest;
  const where = `${what}, ${distance(furthest)}.`;
  if (agrees === false)
    return `Not as ${AUTHORITY[expected.by]} expects: ${where} Look at the figures before you believe either.`;
  if (expected.interval.kind !== 'exact')
    return `Furthest from ${AUTHORITY[expected.by]}: ${where}`;
  return held.length === 1
    ? `The figure is exactly as ${AUTHORITY[expected.by]} has it.`
    : `All ${counted(held.length, 'figure')} are exactly as they have to be.`;
}

/** 0: as expected; above 1: outside. What leaves nothing to chance comes after all that does. */
function shareOfAllowed({ expected, measured }: Finding & { expected: Estimate }): number {
  if (measured === null) return Infinity;
  const { value, interval } = expected;
  if (interval.kind === 'exact') return measured === value ? -1 : Infinity;
  const [from, to] = allowedRange(expected);
  const allowed = measured < value ? value - from : to - value;
  return measured === value ? 0 : Math.abs(measured - value) / allowed;
}

/** How far it may be off on the side where it is; the other side may be a step of a count different. */
function allowance(expected: Estimate, measured: number, unit: string): string {
  const [from, to] = allowedRange(expected);
  const [below, above] = [expected.value - from, to - expected.value];
  const allowed = written(measured < expected.value ? below : above, unit);
  const { interval } = expected;
  const grain = interval.kind === 'chance' ? 2 * interval.step : 0;
  return Math.abs(below - above) <= grain + 1e-9 ? `± ${allowed}` : `${allowed} to this side`;
}

/** A difference: of shares in points; of counts without their unit, which the finding names. */
function written(difference: number, unit: string): string {
  if (unit === 'share') return points(difference);
  if (unit === 'bytes') return inUnit(difference, unit);
  return formatValue(Number(difference.toFixed(difference < 100 ? 1 : 0)), 'number');
}
