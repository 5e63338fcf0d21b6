/** One operation on a worker's cache: its place in the order, and the time the cache saw. */
export interface JournalEntry<T> {
  readonly result: T;
  /** From 1, without gaps, in the order in which the cache saw the operations. */
  readonly sequence: number;
  readonly atSeconds: number;
}

/**
 * Numbers what happens to one worker's cache, so that a run can be replayed to the letter.
 *
 * The cache is given `journal.clock`. During one operation that clock stands still: the time
 * written down is exactly the time that the cache compared with its expiries.
 */
export class Journal {
  #sequence = 0;
  #frozenSeconds: number | null = null;
  readonly #nowSeconds: () => number;

  constructor(nowSeconds: () => number = () => Date.now() / 1000) {
    this.#nowSeconds = nowSeconds;
  }

  readonly clock = (): number => this.#frozenSeconds ?? this.#nowSeconds();

  /** Runs `operation`, which must reach the cache before it returns. */
  note<T>(operation: () => T): JournalEntry<T> {
    const atSeconds = this.#nowSeconds();
    this.#frozenSeconds = atSeconds;
    try {
      const result = operation();
      this.#sequence += 1;
      return { result, sequence: this.#sequence, atSeconds };
    } finally {
      this.#frozenSeconds = null;
    }
  }
}
