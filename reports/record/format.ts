/**
 * Numbers as people read them, everywhere alike: in sentences, in tables, on axes, in the terminal.
 * A no-break space stands between a number and its unit.
 */

/**
 * How a number is to be read: a share of one, a count, a time in microseconds or in seconds, bytes,
 * how many times as much, a share as points of a hundred, or any number.
 */
export const FORMATS = [
  'percent',
  'count',
  'micros',
  'seconds',
  'bytes',
  'times',
  'number',
] as const;
export type Format = (typeof FORMATS)[number];

/** What stands in a table where nothing is known or nothing was asked: never a zero. */
export const UNKNOWN = '–';

const GROUPED = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const PLAIN = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const NBSP = '\u00a0';

/** The value with its unit, e.g. `84.2 %`, `1,003`, `2.4 ms`; {@link UNKNOWN} for `null`. */
export function formatValue(value: number | null, format: Format): string {
  return value === null ? UNKNOWN : WRITERS[format](value);
}

/** The same for a sentence: `unknown` where a table has a dash. */
export function inWords(value: number | null | undefined, format: Format): string {
  return value === null || value === undefined ? 'unknown' : WRITERS[format](value);
}

/** `81.7 %`; see {@link inWords}. */
export const percent = (share: number | null | undefined) => inWords(share, 'percent');

/**
 * `82 %`, for figures that change while one looks; {@link UNKNOWN} for `null`. With decimals where a
 * whole number would say all or nothing and it is not.
 */
export function wholePercent(share: number | null): string {
  if (share === null) return UNKNOWN;
  const whole = Math.round(100 * share);
  const pretends = (whole === 100 && share < 1) || (whole === 0 && share > 0);
  return pretends ? percent(share) : `${whole}${NBSP}%`;
}

/** `1,234` */
export const count = (value: number) => formatValue(value, 'count');

/** `1 worker`, `3 workers` */
export const counted = (value: number, one: string, many = `${one}s`) =>
  `${count(value)}${NBSP}${value === 1 ? one : many}`;

/** A difference of shares in points of a hundred, since percent of percent misleads: `2.9 points`. */
export const points = (share: number) => `${inPoints(share)}${NBSP}points`;

/** The same where the unit has been said: `2.9`. */
export const inPoints = (share: number) => (100 * share).toFixed(1);

/** A number along an axis, where `50 %` needs no decimal. */
export function onAxis(value: number, format: Format): string {
  return format === 'percent'
    ? `${Number((100 * value).toFixed(2))}${NBSP}%`
    : formatValue(value, format);
}

const WRITERS: Readonly<Record<Format, (value: number) => string>> = {
  percent(share) {
    // More digits where one would make 99.98 % a full 100 % or 0.02 % nothing.
    const inPercent = withoutNoise(share) * 100;
    let digits = 1;
    while (digits < 4 && pretendsToBeWhole(inPercent, digits)) digits++;
    return `${inPercent.toFixed(digits)}${NBSP}%`;
  },
  count: (value) => GROUPED.format(value),
  micros(micros) {
    if (micros < 1_000) return `${significant(micros)}${NBSP}µs`;
    if (micros < 1e6) return `${significant(micros / 1_000)}${NBSP}ms`;
    return `${significant(micros / 1e6)}${NBSP}s`;
  },
  seconds: (seconds) => `${seconds.toFixed(1)}${NBSP}s`,
  // As process monitors show memory.
  bytes: (bytes) =>
    Math.abs(bytes) < 2 ** 30
      ? `${(bytes / 2 ** 20).toFixed(1)}${NBSP}MiB`
      : `${(bytes / 2 ** 30).toFixed(1)}${NBSP}GiB`,
  times: (factor) => `${factor < 10 ? factor.toFixed(1) : GROUPED.format(factor)}${NBSP}×`,
  // Whole numbers in full: 646,110 is not 646,000.
  // Stryker disable next-line EqualityOperator: both write 1,000 alike
  number: (value) => (Math.abs(value) < 1_000 ? PLAIN : GROUPED).format(withoutNoise(value)),
};

/** What a computation left of a whole number: 1 − 1e-14 is all. */
function withoutNoise(value: number): number {
  return Math.abs(value - Math.round(value)) < 1e-9 ? Math.round(value) : value;
}

function pretendsToBeWhole(percent: number, digits: number): boolean {
  const rounded = Number(percent.toFixed(digits));
  return (rounded === 100 && percent < 100) || (rounded === 0 && percent > 0);
}

function significant(value: number): string {
  // Stryker disable next-line EqualityOperator: both write 100 alike
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
