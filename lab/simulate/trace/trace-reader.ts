import { isUtf8 } from 'node:buffer';
import type { UsageError } from '../../console/errors.ts';
import { chooseFormat } from './format-choice.ts';
import { text } from './formats/plain.ts';
import { KeyTable } from './key-table.ts';
import { LineSplitter, LONGEST_LINE_BYTES } from './line-splitter.ts';
import { MalformedLines } from './malformed-lines.ts';
import { LeftOut, type Only, parseOnly, RequestSorter } from './only.ts';
import { withPatterns } from './patterns.ts';
import {
  allLeftOut,
  emptyTrace,
  headerAlone,
  nothingRead,
  notKeys,
  zeroBytes,
} from './refusals.ts';
import { shownLine } from './shown-line.ts';
import { BatchBuilder, type ExtraColumn, type TraceBatch } from './trace-batch.ts';
import { TraceClock } from './trace-clock.ts';
import {
  cutQuery,
  type LineReader,
  NOT_A_REQUEST,
  type ReadingOptions,
  setKey,
  type TracedRequest,
  type TraceFormat,
  textOf,
} from './traced-request.ts';

export interface TraceReaderOptions extends ReadingOptions {
  /** A name of {@link FORMATS}; `auto` goes by the first lines. */
  readonly format: string;
  /** Which requests count; where it is not said, those that the format counts. */
  readonly only?: Only | undefined;
  /** Spaces out the requests of a trace without times; `null`: they all happen at once. */
  readonly requestsPerSecond: number | null;
  /** Only keys whose hash falls into this part (0…1] are handed on; see {@link TraceReader.sampled}. */
  readonly sample: number;
}

const DEFAULTS: TraceReaderOptions = {
  ...{ format: 'auto', keyFrom: 'url', fields: {}, timeUnit: 'auto', columns: [] },
  ...{ requestsPerSecond: null, sample: 1, name: 'The trace' },
};

const NONE: readonly string[] = [];
/** So many requests at least, but for the last. */
const BATCH = 8192;
/** So many lines decide what the trace is; a log may begin in the middle of a line. */
const LINES_TO_TELL = 20;
/** So many requests show whether keys come again. */
const REQUESTS_TO_TELL = 10_000;
/** More different keys than this part of the requests: no cache has anything to do here. */
const NEARLY_ALL = 0.95;

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
  /** Different keys that are no valid UTF-8; they are compared byte by byte like all others. */
  keysNotUtf8 = 0;
  /** The first key that was read, for a person to see. */
  firstKey = '';
  /** From the first request to the last; 0 without times. */
  durationSeconds = 0;
  readonly malformed = new MalformedLines();
  readonly leftOut = new LeftOut();
  #only: Only = parseOnly('all');
  #sorter: RequestSorter | undefined;
  #cutsQuery = false;
  readonly #options: TraceReaderOptions;
  #format: TraceFormat | undefined;
  #reader: LineReader | undefined;
  /** The first lines, until they tell what the trace is. */
  #unread: Buffer[] = [];
  #firstLine = '';
  #hasZeroBytes = false;
  readonly #request: TracedRequest = {
    ...{ bytes: Buffer.alloc(0), start: 0, end: 0, otherKeys: [], seconds: Number.NaN },
    ...{ client: '', method: '', status: 0, size: Number.NaN },
  };
  #extra: ReadonlySet<ExtraColumn> = new Set();
  #batch = new BatchBuilder(this.#extra);
  readonly clock = new TraceClock((from, seconds) => this.#batch.setSeconds(from, seconds));

  constructor(options: Partial<TraceReaderOptions> = {}) {
    this.#options = { ...DEFAULTS, ...options };
  }

  /** What the trace turned out to be; known once the first batch is there. */
  get format(): string | undefined {
    return this.#format?.name;
  }

  /** The same for a sentence: `an access log`. */
  get about(): string {
    return this.#format?.about ?? 'nothing';
  }

  /** Which requests count. */
  get only(): Only {
    return this.#only;
  }

  /** Whether requests can be chosen by method and status. */
  get canChoose(): boolean {
    return this.#reader?.only !== undefined;
  }

  /** What batches have besides keys and times; known once the first batch is there. */
  get columns(): ReadonlySet<ExtraColumn> {
    return this.#extra;
  }

  /** Whether the trace says when its requests came. */
  get hasOwnTimes(): boolean {
    return this.#reader?.hasTimes ?? false;
  }

  /** Whether requests have a time, of their own or by the rate. */
  get hasTimes(): boolean {
    return this.hasOwnTimes || this.#options.requestsPerSecond !== null;
  }

  /** Whether hardly a key was asked for twice, as when lines are read wrongly. */
  get keysHardlyRepeat(): boolean {
    return this.table.size > NEARLY_ALL * this.sampled;
  }

  /** Reads all of `source`. @throws UsageError where it is not understood, or no line of it is a request */
  async *batches(source: AsyncIterable<Buffer>): AsyncGenerator<TraceBatch> {
    const splitter = new LineSplitter({
      line: (bytes, start, end) => this.#line(bytes, start, end),
      tooLong: () => {
        this.lines++;
        this.malformed.add(`longer than ${LONGEST_LINE_BYTES / 1024} KiB`, this.lines);
      },
    });
    let first = true;
    for await (const chunk of source) {
      this.#hasZeroBytes ||= chunk.includes(0);
      if (first && this.#hasZeroBytes) throw zeroBytes(this.#options.name);
      splitter.push(chunk);
      first = false;
      const { length, taken } = this.#batch;
      const settled = (this.clock.unsettledFrom ?? taken + length) - taken;
      if (settled >= BATCH) yield this.#batch.take(settled);
    }
    splitter.end();
    this.#tellFormat();
    if (this.requests + this.writes === 0) throw this.#noRequest();
    if (this.requests < REQUESTS_TO_TELL) this.#refuseNoKeys();
    if (this.#batch.length > 0) yield this.#batch.take(this.#batch.length);
  }

  #line(bytes: Buffer, start: number, end: number): void {
    if (this.#reader) {
      this.#read(this.#reader, bytes, start, end);
      return;
    }
    this.#unread.push(Buffer.from(bytes.subarray(start, end)));
    if (this.#unread.length === LINES_TO_TELL) this.#tellFormat();
  }

  /** Decides by the lines so far, and reads them. */
  #tellFormat(): void {
    if (this.#reader || this.#unread.length === 0) return;
    const options = this.#options;
    const lines = this.#unread.map((line) => line.toString('latin1'));
    this.#firstLine = shownLine(lines.find((line) => line !== '') ?? '');
    this.#format = chooseFormat(options.format, lines, options);
    const reader = withPatterns(this.#format.open(lines, options), options);
    this.#reader = reader;
    this.#only = options.only ?? parseOnly(reader.only ?? 'all');
    this.#cutsQuery = options.keyFrom === 'path';
    this.#extra = new Set(options.columns.filter((column) => reader.columns.includes(column)));
    this.#batch = new BatchBuilder(this.#extra);
    this.#sorter = new RequestSorter(this.#only, reader, this.#extra.has('write'));
    const unread = this.#unread;
    this.#unread = [];
    const { headerLines = 0 } = reader;
    this.lines += headerLines;
    for (const line of unread.slice(headerLines)) this.#read(reader, line, 0, line.length);
  }

  #read(reader: LineReader, bytes: Buffer, start: number, end: number): void {
    this.lines++;
    const request = this.#request;
    request.bytes = bytes;
    request.start = start;
    request.end = end;
    request.otherKeys = NONE;
    request.method = '';
    request.status = 0;
    request.client = '';
    request.size = Number.NaN;
    const wrong = this.#wrongWith(reader, request);
    if (wrong === null) this.#count(request);
    else if (wrong !== NOT_A_REQUEST) this.malformed.add(wrong, this.lines);
  }

  #wrongWith(reader: LineReader, request: TracedRequest): string | null {
    const { bytes, start, end } = request;
    if (end === start) return 'empty';
    if (this.#hasZeroBytes && bytes.subarray(start, end).includes(0)) return 'zero bytes';
    const wrong = reader.read(request);
    return wrong ?? (request.end === request.start ? 'no key' : null);
  }

  #count(request: TracedRequest): void {
    const fate = this.#sorter!.fateOf(request.method, request.status);
    if (fate === 'left out') {
      this.leftOut.add(request.method, request.status);
      return;
    }
    if (this.#cutsQuery) cutQuery(request);
    if (fate === 'named lookup') setKey(request, `${request.method} ${textOf(request)}`);
    this.#accept(request, fate === 'write');
    if (request.otherKeys.length > 0) this.#acceptOthers(request, fate === 'write');
  }

  #acceptOthers(request: TracedRequest, isWrite: boolean): void {
    for (const key of request.otherKeys) {
      setKey(request, key);
      this.#accept(request, isWrite);
    }
  }

  #accept({ bytes, start, end, seconds: recorded, client, size }: TracedRequest, write: boolean) {
    const seconds = this.#timeOf(recorded);
    if (write) this.writes++;
    else this.requests++;
    const { table } = this;
    table.hashBytes(bytes, start, end);
    if (table.hash >= this.#options.sample * 2 ** 32) return;
    const known = table.size;
    const key = table.number();
    if (table.size > known) this.#lookAtNew(bytes.subarray(start, end));
    this.sampled++;
    this.#batch.add(key, seconds);
    if (this.#extra.size > 0) this.#batch.addExtra({ client, write, size });
    if (this.sampled === REQUESTS_TO_TELL) this.#refuseNoKeys();
  }

  #lookAtNew(key: Buffer): void {
    this.firstKey ||= shownLine(key.toString('latin1'));
    if (!isUtf8(key)) this.keysNotUtf8++;
  }

  /** Of a request that is added next. */
  #timeOf(recorded: number): number {
    const { requestsPerSecond } = this.#options;
    if (!Number.isNaN(recorded)) {
      this.durationSeconds = this.clock.read(recorded, this.lines, this.sampled);
    } else if (requestsPerSecond !== null) {
      this.durationSeconds = this.requests / requestsPerSecond;
    }
    return this.durationSeconds;
  }

  /** A key per line that nobody asked for must look like it: keys come again. */
  #refuseNoKeys(): void {
    if (this.#format?.name !== 'keys' || this.#options.format !== 'auto') return;
    if (!this.keysHardlyRepeat) return;
    const seen = { requests: this.sampled, keys: this.table.size };
    throw notKeys(seen, this.firstKey, this.#options.name);
  }

  #noRequest(): UsageError {
    const { name, keyFrom } = this.#options;
    if (this.lines === 0) return emptyTrace(name);
    if (this.lines === this.#reader?.headerLines) return headerAlone(name);
    if (this.leftOut.requests > 0) return allLeftOut(this.leftOut, this.#only, name);
    const [wrong] = this.malformed.values();
    const format = this.#format ?? text;
    return nothingRead({ format, lines: this.lines, wrong, keyFrom, name }, this.#firstLine);
  }
}
