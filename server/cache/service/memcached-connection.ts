import { createConnection, type Socket } from 'node:net';

/** Where a Memcached server listens. */
export type MemcachedAddress =
  | { readonly path: string }
  | { readonly host: string; readonly port: number };

/** What the server answered: the line that ends the answer, and what came before it. */
export interface MemcachedAnswer {
  readonly end: string;
  /** The values of a `get`, by key. */
  readonly values: ReadonlyMap<string, string>;
  /** Lines of a walk over the keys. */
  readonly lines: readonly string[];
}

interface Question {
  readonly values: Map<string, string>;
  readonly lines: string[];
  resolve(answer: MemcachedAnswer): void;
  reject(error: Error): void;
}

/**
 * A connection to a Memcached server, in its text protocol. Questions are sent without waiting for
 * the answers to those before, which come in the same order. Written here because none of the
 * clients for Node speaks to a Unix socket.
 */
export class MemcachedConnection {
  readonly #socket: Socket;
  readonly #questions: Question[] = [];
  #unread: Buffer = Buffer.alloc(0);

  /**
   * @param lost told why, when the connection breaks or cannot be made
   * @param silenceMillis how long the server may say nothing; 0: for ever
   */
  constructor(address: MemcachedAddress, lost: (reason: Error) => void, silenceMillis = 0) {
    this.#socket = createConnection(address).setNoDelay(true);
    this.#socket.setTimeout(silenceMillis, () => {
      this.#socket.destroy(new Error('it did not answer in time'));
    });
    this.#socket.on('data', (bytes) => this.#read(bytes as Buffer));
    const end = (reason: Error) => {
      for (const question of this.#questions.splice(0)) question.reject(reason);
      lost(reason);
    };
    this.#socket.on('error', end);
    this.#socket.on('close', () => end(new Error('the connection was closed')));
  }

  /** Rejects when the server answers with an error, with its words, or the connection breaks. */
  ask(command: string): Promise<MemcachedAnswer> {
    return new Promise((resolve, reject) => {
      this.#questions.push({ values: new Map(), lines: [], resolve, reject });
      this.#socket.write(`${command}\r\n`);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(bytes: Buffer): void {
    this.#unread = this.#unread.length === 0 ? bytes : Buffer.concat([this.#unread, bytes]);
    let read = 0;
    for (;;) {
      const lineEnd = this.#unread.indexOf('\n', read);
      if (lineEnd < 0) break;
      const line = this.#unread.toString('utf8', read, lineEnd).trimEnd();
      const [, key, size] = /^VALUE (\S+) \d+ (\d+)/.exec(line) ?? [];
      if (size === undefined) {
        read = lineEnd + 1;
        this.#take(line);
        continue;
      }
      const start = lineEnd + 1;
      const end = start + Number(size);
      // The bytes of a value are followed by a line end of their own.
      if (this.#unread.length < end + 2) break;
      this.#questions[0]?.values.set(key!, this.#unread.toString('utf8', start, end));
      read = end + 2;
    }
    this.#unread = this.#unread.subarray(read);
  }

  #take(line: string): void {
    const question = this.#questions[0];
    if (line.startsWith('key=')) {
      question?.lines.push(line);
      return;
    }
    this.#questions.shift();
    if (/^(ERROR|CLIENT_ERROR|SERVER_ERROR|BUSY)/.test(line)) question?.reject(new Error(line));
    else question?.resolve({ end: line, values: question.values, lines: question.lines });
  }
}
