import { UnusableValue } from '../../console/flags.ts';
import type { LineReader } from './traced-request.ts';

/** Which requests of a trace are lookups of the cache; see {@link parseOnly}. */
export interface Only {
  /** As a person wrote it. */
  toString(): string;
  /** An empty method or a status of 0 is not known, and no reason to leave a request out. */
  allows(method: string, status: number): boolean;
}

const PART = /^(?:([A-Za-z]+|\*))?\s*(?:(\d{3})|(\d)xx)?$/;

/**
 * Reads `--only`: `GET 2xx`; several with commas, `GET 200, HEAD 200`; a method or a status alone;
 * `all`. @throws UnusableValue
 */
export function parseOnly(given: string): Only {
  const text = given.trim();
  if (text === 'all') return { toString: () => text, allows: () => true };
  const parts = text.split(',').map((part) => {
    const match = part.trim() === '' ? null : PART.exec(part.trim());
    if (match === null) {
      throw new UnusableValue(
        "it needs methods with a status, e.g. 'GET 2xx' or 'GET 200, HEAD 200', or all",
      );
    }
    const [, method = '*', status, hundreds] = match;
    return { method: method.toUpperCase(), status: Number(status), hundreds: Number(hundreds) };
  });
  return {
    toString: () => text,
    allows: (method, status) =>
      parts.some(
        (part) =>
          (part.method === '*' || method === '' || part.method === method) &&
          (status === 0 ||
            (Number.isNaN(part.status)
              ? Number.isNaN(part.hundreds) || Math.floor(status / 100) === part.hundreds
              : part.status === status)),
      ),
  };
}

/** What becomes of a request: a lookup, a lookup whose key begins with its method, a write, or nothing. */
type Fate = 'lookup' | 'named lookup' | 'write' | 'left out';

/** Tells requests apart by method and status. Neighbouring lines mostly have the same: the answer is kept. */
export class RequestSorter {
  readonly #only: Only;
  readonly #reader: Pick<LineReader, 'writes' | 'bare'>;
  readonly #withWrites: boolean;
  #method = '';
  #status = -1;
  #fate: Fate = 'lookup';

  /** `withWrites`: a write that was done is one, whatever `only` says. */
  constructor(only: Only, reader: Pick<LineReader, 'writes' | 'bare'>, withWrites: boolean) {
    this.#only = only;
    this.#reader = reader;
    this.#withWrites = withWrites;
  }

  fateOf(method: string, status: number): Fate {
    if (method !== this.#method || status !== this.#status) {
      this.#fate = this.#decide(method, status);
      this.#method = method;
      this.#status = status;
    }
    return this.#fate;
  }

  #decide(method: string, status: number): Fate {
    const { writes, bare } = this.#reader;
    if (this.#withWrites && writes?.has(method)) return status < 400 ? 'write' : 'left out';
    if (!this.#only.allows(method, status)) return 'left out';
    // What a POST sends is not in the log; at least it is not mixed with what a GET asks for.
    return method !== '' && bare?.has(method) === false ? 'named lookup' : 'lookup';
  }
}

/** So many kinds are told apart; what comes from outside can have any number of methods. */
const MOST_KINDS = 50;

/** What `--only` left out, by method and status: `POST 201`. */
export class LeftOut {
  readonly kinds = new Map<string, number>();
  requests = 0;

  add(method: string, status: number): void {
    this.requests++;
    const name = [method, status || ''].join(' ').trim().slice(0, 40);
    const kind = this.kinds.has(name) || this.kinds.size < MOST_KINDS ? name : 'others';
    this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
  }

  /** The most frequent first. */
  most(kinds: number): [kind: string, requests: number][] {
    return [...this.kinds].sort(([, a], [, b]) => b - a).slice(0, kinds);
  }
}
