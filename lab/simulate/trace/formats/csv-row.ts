import type { TimeReader } from '../times.ts';
import { setKey, type TracedRequest, textOf } from '../traced-request.ts';

const SEPARATORS = [',', ';', '\t'] as const;

/** The one that gives the most columns. */
export function separatorOf(line: string): string {
  const parts = (separator: string) => line.split(separator).length;
  return SEPARATORS.reduce((best, next) => (parts(next) > parts(best) ? next : best));
}

const QUOTE = 0x22;
const DOT = 0x2e;
/** A row and where its fields are; only rows with quotes are made into strings. */
export class CsvRow {
  /** Number of fields. */
  width = 0;
  readonly #separator: string;
  readonly #separatorByte: number;
  /** Where fields end; those that are too many are only counted. */
  readonly #ends: Int32Array;
  #bytes: Buffer = Buffer.alloc(0);
  #start = 0;
  /** Of a row with quotes. */
  #quoted: string[] | null = null;

  constructor(separator: string, width: number) {
    this.#ends = new Int32Array(width);
    this.#separator = separator;
    this.#separatorByte = separator.charCodeAt(0);
  }

  /** Takes the line that the request is; `false` where a quote does not end. */
  cut(request: TracedRequest): boolean {
    const { bytes, start, end } = request;
    const ends = this.#ends;
    let width = 0;
    this.#quoted = null;
    for (let at = start; at < end; at++) {
      const byte = bytes[at];
      if (byte === this.#separatorByte) ends[width++] = at;
      else if (byte === QUOTE) return this.#cutQuoted(request);
    }
    ends[width] = end;
    this.width = width + 1;
    this.#bytes = bytes;
    this.#start = start;
    return true;
  }

  /** A field; empty for a place below 0. */
  text(place: number): string {
    if (place < 0) return '';
    if (this.#quoted) return this.#quoted[place]!;
    return this.#bytes.toString('latin1', this.#from(place), this.#ends[place]!);
  }

  /** A field as a time; NaN: it is none. */
  time(place: number, times: TimeReader): number {
    const number = this.#quoted ? Number.NaN : this.#decimal(place);
    return Number.isNaN(number) ? times.seconds(this.text(place)) : times.fromNumber(number);
  }

  /** Makes a field the key. */
  narrow(request: TracedRequest, place: number): void {
    if (this.#quoted) setKey(request, this.#quoted[place]!);
    else {
      request.start = this.#from(place);
      request.end = this.#ends[place]!;
    }
  }

  #from(place: number): number {
    return place === 0 ? this.#start : this.#ends[place - 1]! + 1;
  }

  #cutQuoted(request: TracedRequest): boolean {
    this.#quoted = fieldsOf(textOf(request), this.#separator);
    this.width = this.#quoted?.length ?? 0;
    return this.#quoted !== null;
  }

  /** Digits with a point at most, so few that no rounding is lost; NaN for all else. */
  #decimal(place: number): number {
    const from = this.#from(place);
    const end = this.#ends[place]!;
    if (end === from || end - from > 15) return Number.NaN;
    let digits = 0;
    let scale = 0;
    for (let at = from; at < end; at++) {
      const digit = this.#bytes[at]! - 0x30;
      if (digit >= 0 && digit <= 9) {
        digits = 10 * digits + digit;
        scale *= 10;
      } else if (this.#bytes[at] === DOT && scale === 0) scale = 1;
      else return Number.NaN;
    }
    if (scale === 0) return digits;
    return end - from > 1 ? digits / scale : Number.NaN;
  }
}

/** The fields of a line; `null` when a quote is not closed. Two quotes in a quoted field are one. */
export function fieldsOf(line: string, separator: string): string[] | null {
  if (!line.includes('"')) return line.split(separator);
  const fields: string[] = [];
  for (let at = 0; at <= line.length; ) {
    if (line[at] !== '"') {
      const next = line.indexOf(separator, at);
      const end = next < 0 ? line.length : next;
      fields.push(line.slice(at, end));
      at = end + 1;
      continue;
    }
    let end = at + 1;
    while (line[end] !== '"' || line[end + 1] === '"') {
      if (end >= line.length) return null;
      end += line[end] === '"' ? 2 : 1;
    }
    fields.push(line.slice(at + 1, end).replaceAll('""', '"'));
    if (end + 1 < line.length && line[end + 1] !== separator) return null;
    at = end + 2;
  }
  return fields;
}
