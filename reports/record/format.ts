/**
 * Numbers as people read them. Used in Node for sentences and tables and in the page for axes and
 * labels, so that a figure reads the same in both.
 */

/** How a number is to be read: a share of one, a count, a time in microseconds, bytes, anything. */
export type Format = 'percent' | 'count' | 'micros' | 'bytes' | 'number';

/** What stands where nothing is known or nothing was asked: never a zero. */
export const UNKNOWN = '–';

const GROUPED = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const PLAIN = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });
// No-break space between a number and its unit.
const NBSP = '\u00a0';

/** The value with its unit, e.g. `84.2 %`, `1,003`, `2.4 ms`; {@link UNKNOWN} for `null`. */
export function formatValue(value: number | null, format: Format): string {
  if (value === null) return UNKNOWN;
  switch (format) {
    case 'percent':
      return formatPercent(value);
    case 'count':
      return GROUPED.format(value);
    case 'micros':
      return formatMicros(value);
    case 'bytes':
      return formatBytes(value);
    case 'number':
      return PLAIN.format(value);
  }
}

/**
 * A share of one in percent, with one decimal; more where rounding would make 99.98 % a full 100 %
 * or 0.02 % nothing.
 */
export function formatPercent(share: number | null): string {
  if (share === null) return UNKNOWN;
  const percent = share * 100;
  let digits = 1;
  while (digits < 4 && pretendsToBeWhole(percent, digits)) digits++;
  return `${percent.toFixed(digits)}${NBSP}%`;
}

/** Microseconds as µs, ms or s, three significant digits. */
export function formatMicros(micros: number | null): string {
  if (micros === null) return UNKNOWN;
  if (micros < 1000) return `${significant(micros)}${NBSP}µs`;
  if (micros < 1e6) return `${significant(micros / 1000)}${NBSP}ms`;
  return `${significant(micros / 1e6)}${NBSP}s`;
}

/** Bytes in MiB, as process monitors show memory. */
export function formatBytes(bytes: number | null): string {
  return bytes === null ? UNKNOWN : `${(bytes / 2 ** 20).toFixed(1)}${NBSP}MiB`;
}

/** How often an entry is held on average, e.g. `× 3.55`. */
export function formatFactor(factor: number | null): string {
  return factor === null ? UNKNOWN : `×${NBSP}${factor.toFixed(2)}`;
}

/** `1 worker`, `4 workers`. */
export function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${GROUPED.format(count)}${NBSP}${count === 1 ? noun : many}`;
}

function pretendsToBeWhole(percent: number, digits: number): boolean {
  const rounded = Number(percent.toFixed(digits));
  return (rounded === 100 && percent < 100) || (rounded === 0 && percent > 0);
}

function significant(value: number): string {
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
