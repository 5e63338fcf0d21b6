import { UnusableValue } from '../../console/flags.ts';
import type { LineFormat, ParsedLine } from './line-format.ts';

/**
 * A line of an access log in the Common or the Combined Log Format of Apache and nginx:
 * `host ident user [10/Oct/2000:13:55:36 -0700] "GET /path HTTP/1.1" 200 2326 …`.
 */
const LOG_LINE = /^\S+ .*?\[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] ".*" \d{3} /;

export function isLogLine(line: string): boolean {
  return LOG_LINE.test(line);
}

/** What is wrong with a line that the pattern of `--key-from` does not match. */
export const NO_MATCH = 'no match for --key-from';

/** What of a logged request is the key. */
export type KeyFrom =
  /** Method and path with its query, as in `GET /users/7?tab=2`. */
  | 'request'
  /** The path without its query. */
  | 'path'
  /** The first group of this pattern, in the whole line. */
  | RegExp;

/** Reads `--key-from`. @throws UnusableValue */
export function parseKeyFrom(text: string): KeyFrom {
  if (text === 'request' || text === 'path') return text;
  let pattern: RegExp;
  try {
    pattern = new RegExp(text);
  } catch (error) {
    throw new UnusableValue(
      `it needs request, path, or a regular expression with a group, and this is none (${(error as Error).message})`,
    );
  }
  // An empty alternative matches anything and tells how many groups there are.
  const groups = new RegExp(`${text}|`).exec('')!.length - 1;
  if (groups > 0) return pattern;
  throw new UnusableValue(
    'it has no group, so it says nothing about the key; put what is the key in parentheses, e.g. --key-from "GET /users/([0-9]+)"',
  );
}

const SPACE = 0x20;
const QUOTE = 0x22;
const OPEN = 0x5b;
const BACKSLASH = 0x5c;
const QUESTION = 0x3f;
/** `10/Oct/2000:13:55:36 -0700]` */
const TIME_BYTES = 26;

export function logFormat(keyFrom: KeyFrom): LineFormat {
  const times = new LogTimes();
  const parse = (parsed: ParsedLine): string | null => {
    const { bytes, start, end } = parsed;
    const open = find(bytes, OPEN, start, end);
    if (open < 0 || open + TIME_BYTES + 2 >= end) return 'no time in brackets';
    parsed.seconds = times.seconds(bytes, open + 1);
    if (Number.isNaN(parsed.seconds)) return 'no time in brackets';
    if (keyFrom instanceof RegExp) return keyByPattern(parsed, keyFrom);
    const quote = open + TIME_BYTES + 3;
    if (bytes[quote] !== QUOTE) return 'no request in quotes';
    return requestKey(parsed, quote + 1, keyFrom);
  };
  return { name: 'log', hasTimes: true, columns: [], parse };
}

/** Narrows the line to `METHOD path` or `path` of the request that begins at `from`. */
function requestKey(parsed: ParsedLine, from: number, keyFrom: 'request' | 'path'): string | null {
  const { bytes, end: lineEnd } = parsed;
  let close = from;
  while (close < lineEnd && (bytes[close] !== QUOTE || bytes[close - 1] === BACKSLASH)) close++;
  if (close >= lineEnd) return 'a request without its closing quote';
  const method = find(bytes, SPACE, from, close);
  if (method < 0) return 'no method, path and protocol';
  let protocol = close;
  while (bytes[protocol] !== SPACE) protocol--;
  for (let i = from; i < method; i++) {
    if (bytes[i]! < 0x41 || bytes[i]! > 0x5a) return 'no method, path and protocol';
  }
  if (method === from || protocol <= method + 1) return 'no method, path and protocol';
  parsed.start = keyFrom === 'path' ? method + 1 : from;
  parsed.end = protocol;
  if (keyFrom === 'path') {
    const query = find(bytes, QUESTION, method + 1, protocol);
    if (query >= 0) parsed.end = query;
  }
  return null;
}

/** As indexOf, but it looks no further than the line goes. */
function find(bytes: Buffer, byte: number, from: number, end: number): number {
  for (let i = from; i < end; i++) if (bytes[i] === byte) return i;
  return -1;
}

function keyByPattern(parsed: ParsedLine, pattern: RegExp): string | null {
  // Latin 1 keeps every byte as it is.
  const key = pattern.exec(parsed.bytes.toString('latin1', parsed.start, parsed.end))?.[1];
  if (key === undefined) return NO_MATCH;
  parsed.bytes = Buffer.from(key, 'latin1');
  parsed.start = 0;
  parsed.end = parsed.bytes.length;
  return null;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Reads `10/Oct/2000:13:55:36 -0700`. Neighbouring lines mostly share the day: it is kept. */
class LogTimes {
  #day = '';
  #daySeconds = Number.NaN;

  seconds(bytes: Buffer, at: number): number {
    const day = bytes.toString('latin1', at, at + 11);
    if (day !== this.#day) {
      this.#day = day;
      this.#daySeconds = dayInSeconds(day);
    }
    const clock =
      3600 * twoDigits(bytes, at + 12) + 60 * twoDigits(bytes, at + 15) + twoDigits(bytes, at + 18);
    const sign = bytes[at + 21] === 0x2d ? -1 : 1;
    const zone = 3600 * twoDigits(bytes, at + 22) + 60 * twoDigits(bytes, at + 24);
    return this.#daySeconds + clock - sign * zone;
  }
}

function dayInSeconds(day: string): number {
  const [date, month, year] = [day.slice(0, 2), MONTHS.indexOf(day.slice(3, 6)), day.slice(7)];
  return month < 0 ? Number.NaN : Date.UTC(Number(year), month, Number(date)) / 1000;
}

function twoDigits(bytes: Buffer, at: number): number {
  const [tens, ones] = [bytes[at]! - 0x30, bytes[at + 1]! - 0x30];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? 10 * tens + ones : Number.NaN;
}
