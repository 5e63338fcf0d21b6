import type { TimeUnit } from './times.ts';
import type { ExtraColumn } from './trace-batch.ts';

/** A line on its way to be a request: a format narrows the range of bytes to the key and fills in the rest. */
export interface TracedRequest {
  bytes: Buffer;
  start: number;
  end: number;
  /** Further keys that the same line asks for. */
  otherKeys: readonly string[];
  /** Seconds of any epoch; NaN where the format has no times. */
  seconds: number;
  /** Who asked; empty where it is not told, or not asked for. */
  client: string;
  /** `GET`, `PUT` …, in capitals; empty where it is not told. */
  method: string;
  /** 200, 404 …; 0 where it is not told. */
  status: number;
  /** Bytes of the response; NaN where it is not told. */
  size: number;
}

/** What of a request is its key. */
export type KeyFrom =
  /** Path and query of a URL as the log has it; elsewhere the whole key. */
  | 'url'
  /** The same up to its `?`. */
  | 'path'
  /** The first group of this pattern, in the whole line. */
  | RegExp;

/** What a column of CSV or a field of JSON can be named for. */
export const FIELDS = ['key', 'time', 'client', 'method', 'status', 'size'] as const;
export type Field = (typeof FIELDS)[number];
export type FieldNames = Readonly<Partial<Record<Field, string>>>;

/** What a person says about how lines are to be read. */
export interface ReadingOptions {
  readonly keyFrom: KeyFrom;
  /** The time is the first group of this pattern, in the whole line. */
  readonly timeFrom?: RegExp | undefined;
  /** Names of columns or fields, for CSV and JSON. */
  readonly fields: FieldNames;
  readonly timeUnit: TimeUnit | 'auto';
  /** What to tell of a request besides its key and its time. */
  readonly columns: readonly ExtraColumn[];
  /** What the trace is called in what is said of it. */
  readonly name: string;
}

/** One way to write a trace. */
export interface TraceFormat {
  /** As `--format` has it. */
  readonly name: string;
  /** For sentences: `an access log`. */
  readonly about: string;
  /** Whether the first lines of a trace are plainly written like this. */
  recognises(lines: readonly string[], options: ReadingOptions): boolean;
  /**
   * How lines like these are read.
   * @throws UsageError where they lack what is needed, e.g. a column for the key
   */
  open(lines: readonly string[], options: ReadingOptions): LineReader;
}

/** Reads the lines of one trace. */
export interface LineReader {
  readonly hasTimes: boolean;
  /** What its lines tell besides. */
  readonly columns: readonly ExtraColumn[];
  /** So many lines at the beginning are no requests. */
  readonly headerLines?: number;
  /** Which requests count unless `--only` says it; all, where there is nothing to choose by. */
  readonly only?: string;
  /** Methods that change what a key stands for and read nothing. */
  readonly writes?: ReadonlySet<string>;
  /** Methods that ask for the key as it stands; others stand before it, as in `POST /search`. All, where it is not said. */
  readonly bare?: ReadonlySet<string>;
  /** Fills in the request; gives back what is wrong with the line, or `null`, or {@link NOT_A_REQUEST}. */
  read(request: TracedRequest): string | null;
}

/** Of a line that is as it should be and no request: a comment, a greeting. */
export const NOT_A_REQUEST = '';

/** What a log of HTTP requests counts, and what changes something. */
export const HTTP = {
  only: 'GET 200, HEAD 200',
  writes: new Set(['PUT', 'PATCH', 'DELETE']),
  bare: new Set(['GET', 'HEAD']),
} as const;

/** The line as text in which each byte is a character, so that none is lost. */
export function textOf({ bytes, start, end }: TracedRequest): string {
  return bytes.toString('latin1', start, end);
}

/** Makes text that comes from {@link textOf} the key. */
export function setKey(request: TracedRequest, key: string, encoding: BufferEncoding = 'latin1') {
  request.bytes = Buffer.from(key, encoding);
  request.start = 0;
  request.end = request.bytes.length;
}

const QUESTION = 0x3f;

/** Narrows a URL to its path. */
export function cutQuery(request: TracedRequest): void {
  for (let at = request.start; at < request.end; at++) {
    if (request.bytes[at] === QUESTION) request.end = at;
  }
}

/** Method and key from `GET /path HTTP/1.1`; what is wrong with it, or `null`. */
export function setRequestLine(request: TracedRequest, text: string): string | null {
  const match = /^([A-Z]+) (.+) [A-Za-z]+\/[\d.]+$/.exec(text);
  if (match === null) return NO_REQUEST_LINE;
  request.method = match[1]!;
  setKey(request, match[2]!);
  return null;
}

export const NO_REQUEST_LINE = 'no method, path and protocol';

/** `10.0.0.1:4242` and `[::1]:4242` without the port: the next connection has another one. */
export function withoutPort(address: string): string {
  return address.replace(/^(\[.*\]|[^:]*):\d+$/, '$1');
}

/** Whether so many lines that are not empty are like this that the others can only be damaged. */
export function areMostly(lines: readonly string[], like: (line: string) => boolean): boolean {
  const written = lines.filter((line) => line !== '');
  return written.length > 0 && 2 * written.filter(like).length >= written.length;
}
