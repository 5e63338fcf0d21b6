import pc from 'picocolors';
import { LabError } from './errors.ts';

/** The two ends of a program: what it tells, and where a person watches it. */
export interface Streams {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/**
 * What the lab writes. Words for a person go to standard output, unless that carries something for
 * a script: then they go to standard error.
 *
 * A reader that has seen enough, as `| head` has, closes the pipe. On standard error that loses
 * nothing but words. Standard output is what the command is for, so {@link gone} tells that nobody
 * takes it any more, and whatever runs can end in order.
 */
export class Output {
  readonly streams: Streams;
  readonly #gone = new AbortController();
  #closed = new Set<NodeJS.WritableStream>();
  #wordsTo: 'stdout' | 'stderr' = 'stdout';

  constructor(streams: Streams) {
    this.streams = streams;
    streams.stderr.on('error', () => this.#closed.add(streams.stderr));
    streams.stdout.on('error', (cause: NodeJS.ErrnoException) => {
      this.#closed.add(streams.stdout);
      this.#gone.abort(
        new LabError(
          cause.code === 'EPIPE'
            ? 'Standard output was closed before everything was said.'
            : `Standard output cannot be written: ${cause.message}.`,
          { remedy: 'What was measured until then is in the record.', cause },
        ),
      );
    });
  }

  /** Aborted, with a LabError, once standard output cannot be written any more. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** From now on standard output is for a script, and words go to standard error. */
  keepForScript(): void {
    this.#wordsTo = 'stderr';
  }

  /** Words for a person. */
  say(text: string): void {
    this.#write(this.streams[this.#wordsTo], text);
  }

  /** What a script, or the reader of a file, takes. */
  give(text: string): void {
    this.#write(this.streams.stdout, text);
  }

  /** Words beside the matter: notes, errors. */
  note(text: string): void {
    this.#write(this.streams.stderr, text);
  }

  /** Done when all that was written is taken, or cannot be. A pipe takes 64 KiB at once. */
  async flush(): Promise<void> {
    const open = [this.streams.stdout, this.streams.stderr].filter((one) => !this.#closed.has(one));
    await Promise.all(open.map((stream) => new Promise((resolve) => stream.write('', resolve))));
  }

  #write(stream: NodeJS.WritableStream, text: string): void {
    if (!this.#closed.has(stream)) stream.write(printable(text));
  }
}

/** A colour; the end of a line of CSV; any control character else, and those that turn the writing around. */
const SPECIAL = /\p{Cc}\[\d{1,2}m|\r\n|(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/**
 * As a terminal may be given it: what a record, a log or a flag holds must not move its cursor or
 * name its window. The no-break spaces of figures are for pages; here they would keep words from
 * being found.
 */
function printable(text: string): string {
  return text
    .replaceAll('\u00a0', ' ')
    .replace(SPECIAL, (found) =>
      found === '\r\n' || (pc.isColorSupported && found.startsWith('\u001b[')) ? found : '\ufffd',
    );
}
