import { dayInSeconds, monthOf } from '../times.ts';
import {
  areMostly,
  HTTP,
  NO_REQUEST_LINE,
  type ReadingOptions,
  type TracedRequest,
  type TraceFormat,
} from '../traced-request.ts';

/**
 * Common and Combined Log Format of Apache and nginx, whatever stands before the client:
 * `host ident user [10/Oct/2000:13:55:36 -0700] "GET /path HTTP/1.1" 200 2326 …`.
 */
const LOG_LINE = /\[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] ".*" \d{3} /;

export const accessLog: TraceFormat = {
  name: 'log',
  about: 'an access log',
  recognises: (lines) => areMostly(lines, (line) => LOG_LINE.test(line)),
  open: (_, options) => ({
    ...{ hasTimes: true, columns: ['client', 'write', 'size'], ...HTTP },
    read: reader(options),
  }),
};

const SPACE = 0x20;
const QUOTE = 0x22;
const SLASH = 0x2f;
const OPEN = 0x5b;
const BACKSLASH = 0x5c;
/** `10/Oct/2000:13:55:36 -0700` */
const TIME_BYTES = 26;

function reader({ columns, keyFrom }: ReadingOptions) {
  const times = new LogTimes();
  const withClient = columns.includes('client');
  const withSize = columns.includes('size');
  const anyLine = keyFrom instanceof RegExp;
  return (request: TracedRequest): string | null => {
    const { bytes, start, end } = request;
    const time = findTime(bytes, start, end);
    if (time < 0) return 'no time in brackets';
    request.seconds = times.seconds(bytes, time);
    if (Number.isNaN(request.seconds)) return 'no time in brackets';
    if (withClient) request.client = clientBefore(bytes, start, time - 1);
    const quote = time + TIME_BYTES + 2;
    const wrong =
      bytes[quote] === QUOTE ? readRequest(request, quote + 1, withSize) : 'no request in quotes';
    return anyLine ? null : wrong;
  };
}

/** Where `10/Oct/2000:…]` begins; other brackets may stand before it, as in `[::1]:443`. */
function findTime(bytes: Buffer, start: number, end: number): number {
  const last = end - TIME_BYTES - 2;
  for (let open = start; open < last; open++) {
    if (bytes[open] === OPEN && bytes[open + 3] === SLASH && bytes[open + 7] === SLASH) {
      return open + 1;
    }
  }
  return -1;
}

/** The third word before the time, `host` of `host ident user [`; the first where there are not so many. */
function clientBefore(bytes: Buffer, start: number, open: number): string {
  let from = open;
  let end = open;
  for (let words = 0; words < 3 && from > start; words++) {
    end = from - 1;
    from = end;
    while (from > start && bytes[from - 1] !== SPACE) from--;
  }
  return bytes.toString('latin1', from, end);
}

/** Method, key, status and size of the request that begins at `from`; the line is narrowed to the key. */
function readRequest(request: TracedRequest, from: number, withSize: boolean): string | null {
  const { bytes, end: lineEnd } = request;
  let close = from;
  while (close < lineEnd && (bytes[close] !== QUOTE || bytes[close - 1] === BACKSLASH)) close++;
  if (close >= lineEnd) return 'a request without its closing quote';
  let method = from;
  while (method < close && bytes[method] !== SPACE) {
    if (bytes[method]! < 0x41 || bytes[method]! > 0x5a) return NO_REQUEST_LINE;
    method++;
  }
  let protocol = close;
  while (bytes[protocol] !== SPACE && protocol > from) protocol--;
  if (method === from || protocol <= method + 1) return NO_REQUEST_LINE;
  request.method = methodAt(bytes, from, method);
  readStatus(request, close + 2, lineEnd);
  if (withSize) readSize(request, close + 6, lineEnd);
  request.start = method + 1;
  request.end = protocol;
  return null;
}

/** `200 2326`; the status is left untold where it is none. */
function readStatus(request: TracedRequest, from: number, end: number): void {
  if (from + 3 > end) return;
  const status = numberAt(request.bytes, from, from + 3);
  if (status >= 100) request.status = status;
}

function readSize(request: TracedRequest, from: number, end: number): void {
  let sizeEnd = from;
  while (sizeEnd < end && request.bytes[sizeEnd] !== SPACE) sizeEnd++;
  if (sizeEnd > from) request.size = numberAt(request.bytes, from, sizeEnd);
}

/** Digits alone; NaN for anything else. */
function numberAt(bytes: Buffer, from: number, end: number): number {
  let number = 0;
  for (let i = from; i < end; i++) {
    const digit = bytes[i]! - 0x30;
    if (digit < 0 || digit > 9) return Number.NaN;
    number = 10 * number + digit;
  }
  return number;
}

/** Nearly every line says GET: no new string for it. */
function methodAt(bytes: Buffer, from: number, end: number): string {
  const isGet =
    end - from === 3 &&
    bytes[from] === 0x47 &&
    bytes[from + 1] === 0x45 &&
    bytes[from + 2] === 0x54;
  return isGet ? 'GET' : bytes.toString('latin1', from, end);
}

/** `10/Oct/2000` */
const DAY_BYTES = 11;

/** Reads `10/Oct/2000:13:55:36 -0700`. Neighbouring lines mostly share the day: it is kept. */
class LogTimes {
  readonly #day = Buffer.alloc(DAY_BYTES);
  #daySeconds = Number.NaN;

  seconds(bytes: Buffer, at: number): number {
    if (!this.#isSameDay(bytes, at)) this.#readDay(bytes, at);
    const clock =
      3600 * twoDigits(bytes, at + 12) + 60 * twoDigits(bytes, at + 15) + twoDigits(bytes, at + 18);
    const sign = bytes[at + 21] === 0x2d ? -1 : 1;
    const zone = 3600 * twoDigits(bytes, at + 22) + 60 * twoDigits(bytes, at + 24);
    return this.#daySeconds + clock - sign * zone;
  }

  #isSameDay(bytes: Buffer, at: number): boolean {
    for (let i = 0; i < DAY_BYTES; i++) if (bytes[at + i] !== this.#day[i]) return false;
    return true;
  }

  #readDay(bytes: Buffer, at: number): void {
    bytes.copy(this.#day, 0, at, at + DAY_BYTES);
    const day = this.#day.toString('latin1');
    this.#daySeconds = dayInSeconds(day.slice(7), monthOf(day.slice(3, 6)), day.slice(0, 2));
  }
}

function twoDigits(bytes: Buffer, at: number): number {
  const [tens, ones] = [bytes[at]! - 0x30, bytes[at + 1]! - 0x30];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? 10 * tens + ones : Number.NaN;
}
