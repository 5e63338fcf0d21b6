/** Longer lines are no keys and no requests; they are skipped without being held in memory. */
export const LONGEST_LINE_BYTES = 1024 * 1024;

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const NOTHING = Buffer.alloc(0);

/** Hears of each line as a range of bytes, without its end; `tooLong` of one that was skipped. */
interface LineListener {
  line(bytes: Buffer, start: number, end: number): void;
  tooLong(): void;
}

/** Cuts a stream of chunks into lines, whether they end in LF or CR LF. */
export class LineSplitter {
  readonly #listener: LineListener;
  /** The beginning of a line whose end has not come yet. */
  #begun: Buffer = NOTHING;
  #isSkipping = false;
  #isFirst = true;

  constructor(listener: LineListener) {
    this.#listener = listener;
  }

  push(given: Buffer): void {
    const chunk = this.#isFirst ? withoutByteOrderMark(given) : given;
    this.#isFirst = false;
    const searched = this.#begun.length;
    const bytes = searched === 0 ? chunk : Buffer.concat([this.#begun, chunk]);
    let start = 0;
    let end = bytes.indexOf(NEWLINE, searched);
    for (; end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      this.#line(bytes, start, end);
      start = end + 1;
    }
    this.#isSkipping ||= bytes.length - start > LONGEST_LINE_BYTES;
    this.#begun = this.#isSkipping ? NOTHING : bytes.subarray(start);
  }

  /** The last line may lack its end. */
  end(): void {
    if (this.#begun.length > 0 || this.#isSkipping) this.#line(this.#begun, 0, this.#begun.length);
  }

  #line(bytes: Buffer, start: number, end: number): void {
    if (this.#isSkipping || end - start > LONGEST_LINE_BYTES) {
      this.#isSkipping = false;
      this.#listener.tooLong();
    } else {
      const isReturn = end > start && bytes[end - 1] === RETURN;
      this.#listener.line(bytes, start, isReturn ? end - 1 : end);
    }
  }
}

function withoutByteOrderMark(chunk: Buffer): Buffer {
  const marked = chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf;
  return marked ? chunk.subarray(3) : chunk;
}
