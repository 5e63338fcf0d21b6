import { isUtf8 } from 'node:buffer';
import { type UsageError, usageError } from '../../console/errors.ts';
import { csvFormat, isCsvHeader, isTimedRow, type TimeUnit } from './csv-format.ts';
import { KeyTable } from './key-table.ts';
import { keyPerLine, type LineFormat, type ParsedLine } from './line-format.ts';
import { LineSplitter, LONGEST_LINE_BYTES } from './line-splitter.ts';
import { isLogLine, type KeyFrom, logFormat, NO_MATCH } from './log-format.ts';
import { BatchBuilder, type ExtraColumn, type TraceBatch } from './trace-batch.ts';

export const TRACE_FORMATS = ['auto', 'keys', 'csv', 'log'] as const;
export type TraceFormat = (typeof TRACE_FORMATS)[number];

export interface TraceReaderOptions {
  /** `auto` goes by the first lines. */
  readonly format: TraceFormat;
  readonly keyFrom: KeyFrom;
  readonly timeUnit: TimeUnit;
  /** Spaces out the requests of a trace without times; `null`: they all happen at once. */
  readonly requestsPerSecond: number | null;
  /** Only keys whose hash falls into this part (0…1] are handed on; see {@link TraceReader.sampled}. */
  readonly sample: number;
  /**
   * What a batch should have besides keys and times; the format may not tell it, see
   * {@link TraceReader.columns}. Without `write` requests that change something are left out.
   */
  readonly columns?: readonly ExtraColumn[];
  /** What the trace is called in what is said of it. */
  readonly name?: string | undefined;
}

/** Lines that could not be read, by what is wrong with them. */
export interface MalformedLines {
  readonly reason: string;
  count: number;
  /** From 1. */
  readonly firstLine: number;
}

/** They change what a key stands for. */
const WRITES = new Set(['PUT', 'PATCH', 'DELETE']);
/** So many requests at least, but for the last. */
const BATCH = 8192;
/** So many lines decide what the trace is; a log may begin in the middle of a line. */
const LINES_TO_TELL = 20;

/**
 * Reads a trace from a stream of bytes and hands it on in batches. Memory grows with the different
 * keys, not with the length. What cannot be read is counted, never swallowed.
 */
export class TraceReader {
  readonly table = new KeyTable();
  lines = 0;
  /** Lookups that were read well, whether they are in the sample or not. */
  requests = 0;
  /** Requests that change what a key stands for; 0 unless they were asked for. */
  writes = 0;
  /** Requests in the sample. */
  sampled = 0;
  /** Lines whose time is before that of a line before them; they count as happening with that one. */
  backwards = 0;
  largestStepBackSeconds = 0;
  /** Different keys that are no valid UTF-8; they are compared byte by byte like all others. */
  keysNotUtf8 = 0;
  /** From the first request to the last; 0 without times. */
  durationSeconds = 0;
  readonly malformed = new Map<string, MalformedLines>();
  readonly #options: TraceReaderOptions;
  #format: LineFormat | undefined;
  /** The first lines, until they tell what the trace is. */
  #unread: Buffer[] = [];
  #hasZeroBytes = false;
  #firstSeconds = Number.NaN;
  readonly #parsed: ParsedLine = {
    ...{ bytes: Buffer.alloc(0), start: 0, end: 0, seconds: Number.NaN },
    ...{ client: '', method: '', size: Number.NaN },
  };
  #extra: ReadonlySet<ExtraColumn> = new Set();
  #batch = new BatchBuilder(this.#extra);
  readonly #clients = new Map<string, number>();

  constructor(options: TraceReaderOptions) {
    this.#options = options;
  }

  /** What the trace turned out to be; known once the first batch is there. */
  get format(): LineFormat['name'] | undefined {
    return this.#format?.name;
  }

  /** Whether the trace says when its requests came. */
  get hasOwnTimes(): boolean {
    return this.#format?.hasTimes ?? false;
  }

  /** What batches have besides keys and times; known once the first batch is there. */
  get columns(): ReadonlySet<ExtraColumn> {
    const told = this.#format?.columns ?? [];
    const asked = this.#options.columns ?? [];
    return new Set(asked.filter((column) => told.includes(column)));
  }

  /** Whether requests have a time, of their own or by the rate. */
  get hasTimes(): boolean {
    return this.hasOwnTimes || this.#options.requestsPerSecond !== null;
  }

  /** Reads all of `source`. A UsageError when no line of it is a request. */
  async *batches(source: AsyncIterable<Buffer>): AsyncGenerator<TraceBatch> {
    const splitter = new LineSplitter({
      line: (bytes, start, end) => this.#line(bytes, start, end),
      tooLong: () => {
        this.lines++;
        this.#reject(`longer than ${LONGEST_LINE_BYTES / 1024} KiB`);
      },
    });
    let first = true;
    for await (const chunk of source) {
      this.#hasZeroBytes ||= chunk.includes(0);
      if (first && this.#hasZeroBytes) throw binaryError();
      splitter.push(first ? withoutByteOrderMark(chunk) : chunk);
      first = false;
      if (this.#batch.length >= BATCH) yield this.#batch.take();
    }
    splitter.end();
    this.#tellFormat();
    if (this.#batch.length > 0) yield this.#batch.take();
    if (this.requests === 0) throw this.#nothingValid();
  }

  #line(bytes: Buffer, start: number, end: number): void {
    if (this.#format) {
      this.#read(this.#format, bytes, start, end);
      return;
    }
    this.#unread.push(Buffer.from(bytes.subarray(start, end)));
    if (this.#unread.length === LINES_TO_TELL) this.#tellFormat();
  }

  /** Decides by the lines so far, and reads them. */
  #tellFormat(): void {
    if (this.#format || this.#unread.length === 0) return;
    const format = this.#detect(this.#unread.map((line) => line.toString('latin1')));
    this.#format = format;
    this.#extra = this.columns;
    this.#batch = new BatchBuilder(this.#extra);
    const unread = this.#unread;
    this.#unread = [];
    for (const [index, line] of unread.entries()) {
      // A header is no request.
      if (index === 0 && format.name === 'csv') this.lines++;
      else this.#read(format, line, 0, line.length);
    }
  }

  #read(format: LineFormat, bytes: Buffer, start: number, end: number): void {
    this.lines++;
    const parsed = this.#parsed;
    parsed.bytes = bytes;
    parsed.start = start;
    parsed.end = end;
    const wrong = this.#wrongWith(format, parsed);
    if (wrong === null) this.#accept(parsed);
    else this.#reject(wrong);
  }

  #wrongWith(format: LineFormat, parsed: ParsedLine): string | null {
    const { bytes, start, end } = parsed;
    if (end === start) return 'empty';
    if (this.#hasZeroBytes && bytes.subarray(start, end).includes(0)) return 'zero bytes';
    const wrong = format.parse(parsed);
    return wrong ?? (parsed.end === parsed.start ? 'no key' : null);
  }

  #accept({ bytes, start, end, seconds: recorded, client, method, size }: ParsedLine): void {
    const write = this.#extra.has('write') && WRITES.has(method);
    const seconds = this.#clock(recorded);
    if (write) this.writes++;
    else this.requests++;
    const { table } = this;
    table.hashBytes(bytes, start, end);
    if (table.hash >= this.#options.sample * 2 ** 32) return;
    const known = table.size;
    const key = table.number();
    if (table.size > known && !isUtf8(bytes.subarray(start, end))) this.keysNotUtf8++;
    this.sampled++;
    this.#batch.add(key, seconds);
    if (this.#extra.size > 0) this.#batch.addExtra({ client: this.#client(client), write, size });
  }

  #client(name: string): number {
    const known = this.#clients.get(name);
    if (known !== undefined) return known;
    this.#clients.set(name, this.#clients.size);
    return this.#clients.size - 1;
  }

  /** The time since the first request; a line that is out of order happens with the one before. */
  #clock(recorded: number): number {
    const { requestsPerSecond } = this.#options;
    if (Number.isNaN(recorded)) {
      if (requestsPerSecond !== null) this.durationSeconds = this.requests / requestsPerSecond;
      return this.durationSeconds;
    }
    if (Number.isNaN(this.#firstSeconds)) this.#firstSeconds = recorded;
    const seconds = recorded - this.#firstSeconds;
    if (seconds < this.durationSeconds) {
      this.backwards++;
      const step = this.durationSeconds - seconds;
      this.largestStepBackSeconds = Math.max(this.largestStepBackSeconds, step);
    } else {
      this.durationSeconds = seconds;
    }
    return this.durationSeconds;
  }

  #detect(lines: readonly string[]): LineFormat {
    const { format, keyFrom, timeUnit } = this.#options;
    const [first = ''] = lines;
    if (format === 'csv' || (format === 'auto' && isCsvHeader(first))) {
      return csvFormat(first, timeUnit);
    }
    if (format === 'auto') refuseNoLines(lines);
    const logged = lines.filter(isLogLine).length;
    if (format === 'log' || (format === 'auto' && 2 * logged >= lines.length)) {
      return logFormat(keyFrom);
    }
    // With the time in it every key would be another one: all misses, and no word about it.
    if (
      format === 'auto' &&
      isTimedRow(first) &&
      lines.every((line) => line === '' || isTimedRow(line))
    ) {
      throw usageError(
        `The trace looks like CSV, but its first line is no header: ${first}`,
        'Put a first line over it that names the columns, e.g. time,key; or say --format keys if the whole line is the key.',
      );
    }
    return keyPerLine;
  }

  #reject(reason: string): void {
    const known = this.malformed.get(reason);
    if (known) known.count++;
    else this.malformed.set(reason, { reason, count: 1, firstLine: this.lines });
  }

  #nothingValid(): UsageError {
    if (this.lines === 0) {
      const { name = 'The trace' } = this.#options;
      return usageError(`${name} is empty.`, 'Name a file with requests in it.');
    }
    if (this.#format?.name === 'csv' && this.lines === 1) {
      return usageError('The trace has a header and no line after it.', 'Name a whole trace.');
    }
    const [first] = this.malformed.values();
    const why = first ? ` Line ${first.firstLine}: ${first.reason}.` : '';
    const { keyFrom } = this.#options;
    const what =
      this.lines === 1 ? 'The only line of the trace' : `None of the trace's ${this.lines} lines`;
    const is = this.lines === 1 ? 'is no request' : 'is a request';
    return usageError(
      `${what} ${is}.${why}`,
      first?.reason === NO_MATCH && keyFrom instanceof RegExp
        ? `Change the pattern of --key-from, ${keyFrom.source}: it is looked for in the whole line, from its host on.`
        : 'Say what it is with --format keys, csv or log.',
    );
  }
}

/** Control characters, but tabs and the ends of lines. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0001-\u0008\u000b\u000c\u000e-\u001f]/;

/** Each file would be one key, or each line another: confident figures of nothing. */
function refuseNoLines(lines: readonly string[]): void {
  if (lines.some((line) => line.includes('\r'))) {
    throw usageError(
      'The lines of the trace end in CR alone.',
      "Convert them first: tr '\\r' '\\n' < trace > converted.",
    );
  }
  if (lines.some((line) => CONTROL.test(line))) {
    throw usageError(
      'The trace is binary, not lines of text: it has control characters.',
      'Give it as text in UTF-8, or say --format keys if its keys are like that.',
    );
  }
}

/** Text has no zero bytes; compressed data and UTF-16 do, nearly at once. */
function binaryError(): UsageError {
  return usageError(
    'The trace is binary, not lines of text: it has zero bytes.',
    'Give it as text in UTF-8, plain or compressed by gzip or zstd.',
  );
}

function withoutByteOrderMark(chunk: Buffer): Buffer {
  const marked = chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf;
  return marked ? chunk.subarray(3) : chunk;
}
