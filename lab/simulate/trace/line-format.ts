/** What one line of a trace says: a key, as a range of bytes, and perhaps a time. */
export interface ParsedLine {
  bytes: Buffer;
  start: number;
  end: number;
  /** Seconds of any epoch; NaN where the format has no times. */
  seconds: number;
}

/** How lines of one kind are read. */
export interface LineFormat {
  readonly name: 'keys' | 'csv' | 'log';
  readonly hasTimes: boolean;
  /** Fills `parsed` from the line it holds; gives back what is wrong with it, or `null`. */
  parse(parsed: ParsedLine): string | null;
}

/** The whole line is the key. */
export const keyPerLine: LineFormat = { name: 'keys', hasTimes: false, parse: () => null };
