import { type Format, formatValue } from './format.ts';
import type { Estimate, Interval } from './schema.ts';

/**
 * How far a fair run may fall from what is expected, as the two ends of a range.
 *
 * Chance: a 95 % interval is doubled, since 19 of 20 would call one fair run in twenty wrong; twice
 * 1.96 σ holds 9,999 of 10,000, as an interval of 99.99 % does by itself. A count cannot be cut
 * finer than one, so at least its step is allowed. Exact values and tolerances are taken as they are.
 */
export function allowedRange({ value, low, high, interval }: Estimate): [number, number] {
  if (interval.kind !== 'chance') return [low, high];
  const times = interval.share === 0.95 ? 2 : 1;
  return [
    value - Math.max(interval.step, times * (value - low)),
    value + Math.max(interval.step, times * (high - value)),
  ];
}

/** Whether a measured value is one that the expectation allows; `null` where nothing is expected. */
export function agreesWith(expected: Estimate | null, measured: number | null): boolean | null {
  if (expected === null) return null;
  if (measured === null) return false;
  const [from, to] = allowedRange(expected);
  return measured >= from && measured <= to;
}

/** A value of a finding with its unit: `84.2 %`, `1,204 misses`, `12.3 MiB`; a dash for `null`. */
export function inUnit(value: number | null, unit: string): string {
  const format = FORMAT_OF[unit];
  const text = formatValue(value, format ?? 'number');
  return value === null || format ? text : `${text} ${unit}`;
}

/** Units that are written by a format of their own. */
const FORMAT_OF: Readonly<Record<string, Format | undefined>> = {
  share: 'percent',
  bytes: 'bytes',
  µs: 'micros',
};

/** What an interval is, in words: `95 % of runs (occupancy variance)`. */
export function intervalInWords(interval: Interval): string {
  switch (interval.kind) {
    case 'exact':
      return 'every run gives exactly this';
    case 'chance':
      return `${100 * interval.share} % of runs (${interval.how})`;
    case 'tolerance':
      return `a tolerance (${interval.reason})`;
  }
}
