import type { ExtraColumn } from './trace-batch.ts';

/** What one line of a trace says: a key, as a range of bytes, and perhaps a time. */
export interface ParsedLine {
  bytes: Buffer;
  start: number;
  end: number;
  /** Seconds of any epoch; NaN where the format has no times. */
  seconds: number;
  /** Who asked; empty where it is not told, or not asked for. */
  client: string;
  /** `GET`, `PUT` …; empty where it is not told. */
  method: string;
  /** Bytes of the response; NaN where it is not told. */
  size: number;
}

/** How lines of one kind are read. */
export interface LineFormat {
  readonly name: 'keys' | 'csv' | 'log';
  readonly hasTimes: boolean;
  /** What its lines tell besides. */
  readonly columns: readonly ExtraColumn[];
  /** Fills `parsed` from the line it holds; gives back what is wrong with it, or `null`. */
  parse(parsed: ParsedLine): string | null;
}

/** The whole line is the key. */
export const keyPerLine: LineFormat = {
  name: 'keys',
  hasTimes: false,
  columns: [],
  parse: () => null,
};
