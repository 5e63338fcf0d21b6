/** Longer lines are no keys and no requests; they are skipped without being held in memory. */
export const LONGEST_LINE_BYTES = 1024 * 1024;

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** Hears of each line as a range of bytes, without its end; `tooLong` of one that was skipped. */
export interface LineListener {
  line(bytes: Buffer, start: number, end: number): void;
  tooLong(): void;
}

/** Cuts a stream of chunks into lines, whether they end in LF or CR LF. */
export class LineSplitter {
  readonly #listener: LineListener;
  /** The beginning of a line whose end has not come yet. */
  #begun: Buffer[] = [];
  #begunBytes = 0;
  #skipping = false;

  constructor(listener: LineListener) {
    this.#listener = listener;
  }

  push(chunk: Buffer): void {
    let start = 0;
    let end = chunk.indexOf(NEWLINE);
    if (this.#begunBytes > 0 || this.#skipping) {
      this.#begin(chunk.subarray(0, end < 0 ? chunk.length : end));
      if (end < 0) return;
      this.#finish();
      start = end + 1;
      end = chunk.indexOf(NEWLINE, start);
    }
    for (; end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.#line(chunk, start, end);
      start = end + 1;
    }
    if (start < chunk.length) this.#begin(chunk.subarray(start));
  }

  /** The last line may lack its end. */
  end(): void {
    if (this.#begunBytes > 0 || this.#skipping) this.#finish();
  }

  #begin(part: Buffer): void {
    if (this.#skipping || part.length === 0) return;
    this.#begun.push(part);
    this.#begunBytes += part.length;
    if (this.#begunBytes <= LONGEST_LINE_BYTES) return;
    this.#skipping = true;
    this.#begun = [];
    this.#begunBytes = 0;
  }

  #finish(): void {
    if (this.#skipping) {
      this.#skipping = false;
      this.#listener.tooLong();
      return;
    }
    const line = this.#begun.length === 1 ? this.#begun[0]! : Buffer.concat(this.#begun);
    this.#begun = [];
    this.#begunBytes = 0;
    this.#line(line, 0, line.length);
  }

  #line(bytes: Buffer, start: number, end: number): void {
    if (end - start > LONGEST_LINE_BYTES) this.#listener.tooLong();
    else
      this.#listener.line(bytes, start, end > start && bytes[end - 1] === RETURN ? end - 1 : end);
  }
}
