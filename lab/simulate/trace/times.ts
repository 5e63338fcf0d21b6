import { usageError } from '../../console/errors.ts';

export const TIME_UNITS = { s: 1, ms: 1e-3, us: 1e-6, ns: 1e-9 } as const;
export type TimeUnit = keyof typeof TIME_UNITS;

/** Seconds beyond this (the year 5138) are taken for a mistake of the unit. */
const LATEST_SECONDS = 1e11;

/**
 * Reads times as text: numbers in a unit, dates as in ISO 8601 and in access logs. Where the unit is not
 * given the first number tells it: since 1973 milliseconds since 1970 are more than any seconds are.
 */
export class TimeReader {
  readonly #unit: TimeUnit | 'auto';
  /** Seconds in a unit; 0 until the first number. */
  #factor = 0;

  constructor(unit: TimeUnit | 'auto') {
    this.#unit = unit;
  }

  /** Seconds since 1970 or since whatever the numbers count from; NaN: it is no time. */
  seconds(text: string): number {
    // 0x10 is a number in JavaScript, but not to those who write traces.
    const number = text[1] === 'x' ? Number.NaN : Number(text);
    if (Number.isNaN(number)) return dateInSeconds(text.trim());
    if (!Number.isFinite(number) || (number === 0 && text.trim() === '')) return Number.NaN;
    return this.fromNumber(number);
  }

  fromNumber(number: number): number {
    if (this.#factor === 0) this.#factor = this.#factorBy(number);
    return number * this.#factor;
  }

  #factorBy(first: number): number {
    const unit = this.#unit === 'auto' ? unitOf(first) : this.#unit;
    if (first * TIME_UNITS[unit] <= LATEST_SECONDS) return TIME_UNITS[unit];
    throw usageError(
      `The time ${first} would be past the year 5000 in ${unit}.`,
      'Say what the times are in: --time-unit ms, us or ns.',
    );
  }
}

function unitOf(number: number): TimeUnit {
  if (number < 1e11) return 's';
  return number < 1e14 ? 'ms' : number < 1e17 ? 'us' : 'ns';
}

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T \t](\d\d):(\d\d)(?::(\d\d(?:[.,]\d+)?))?\s?(Z|UTC|[+-]\d\d:?\d\d)?)?$/;
const CLF = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d(?:\.\d+)?)(?: ([+-]\d{4}))?$/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `2026-01-31T23:59:59.5+01:00` or `31/Jan/2026:23:59:59 +0100`; without a zone it is UTC. NaN: neither. */
export function dateInSeconds(text: string): number {
  const iso = ISO.exec(text);
  if (iso) {
    const [, year, month, day, hours = '0', minutes = '0', seconds = '0', zone] = iso;
    return at(dayInSeconds(year!, Number(month) - 1, day!), hours, minutes, seconds, zone);
  }
  const clf = CLF.exec(text);
  if (!clf) return Number.NaN;
  const [, day, month, year, hours, minutes, seconds, zone] = clf;
  return at(dayInSeconds(year!, monthOf(month!), day!), hours!, minutes!, seconds!, zone);
}

function at(day: number, hours: string, minutes: string, seconds: string, zone = 'Z'): number {
  const [, sign, zoneHours, zoneMinutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone) ?? [];
  const east = sign ? 3600 * Number(zoneHours) + 60 * Number(zoneMinutes) : 0;
  const clock = 3600 * Number(hours) + 60 * Number(minutes) + Number(seconds.replace(',', '.'));
  return day + clock - (sign === '-' ? -east : east);
}

/** `Jan` is 0; −1: no month. */
export const monthOf = (name: string) => MONTHS.indexOf(name);

/** NaN for a day that is in no calendar. */
export function dayInSeconds(year: string, month: number, day: string): number {
  const date = new Date(Date.UTC(Number(year), month, Number(day)));
  const isDay = date.getUTCMonth() === month && date.getUTCDate() === Number(day);
  return isDay ? date.getTime() / 1000 : Number.NaN;
}
