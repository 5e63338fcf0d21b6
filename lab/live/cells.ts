import {
  CELL_CODES,
  type CellChange,
  type CellCode,
  type Departure,
} from '../../reports/live/protocol.ts';

/**
 * What is shown of every key in every cache: held or not, a copy of another's, older than its row in
 * the database. Tells what has changed since it was asked last.
 */
export class Cells {
  readonly #keys: number;
  readonly #caches: number;
  /** By cache and key: the version held, from 1; 0: none. */
  readonly #held: Uint32Array;
  /** By cache and key: when its time is over, on the clock of the workers, in seconds. */
  readonly #until: Float64Array;
  /** By key: how many caches hold it, and its version in the database. */
  readonly #holders: Uint16Array;
  readonly #current: Uint32Array;
  /** As it was told last, by cache and key. */
  readonly #told: Uint8Array;
  /** Cells that may have changed, with why an entry left. */
  readonly #touched = new Map<number, Departure | undefined>();

  constructor(caches: number, keys: number) {
    this.#keys = keys;
    this.#caches = caches;
    this.#held = new Uint32Array(caches * keys);
    this.#told = new Uint8Array(caches * keys);
    this.#until = new Float64Array(caches * keys);
    this.#holders = new Uint16Array(keys);
    this.#current = new Uint32Array(keys);
  }

  /** The cache holds the key in this version; where `until` is left out, as long as it did before. */
  put(
    cache: number,
    key: number,
    { version, until }: { readonly version: number; readonly until?: number },
  ): void {
    const cell = cache * this.#keys + key;
    if (this.#held[cell] === 0) {
      this.#holders[key]! += 1;
      this.#touchAll(key);
    } else if (this.#held[cell] !== version) this.#touched.set(cell, undefined);
    this.#held[cell] = version;
    if (until !== undefined) this.#until[cell] = until;
    this.update(key, version);
  }

  remove(cache: number, key: number, why: Departure): void {
    const cell = cache * this.#keys + key;
    if (this.#held[cell] === 0) return;
    this.#held[cell] = 0;
    this.#holders[key]! -= 1;
    this.#touchAll(key);
    this.#touched.set(cell, why);
  }

  /** What is held for no longer than that is shown as held no more, though the cache may not have noticed. */
  expire(seconds: number): void {
    this.#until.forEach((until, cell) => {
      if (this.#held[cell] === 0 || until > seconds) return;
      this.remove(Math.floor(cell / this.#keys), cell % this.#keys, 'expired');
    });
  }

  /** The database has the key in this version, or in a later one that is known already. */
  update(key: number, version: number): void {
    if (version <= this.#current[key]!) return;
    this.#current[key] = version;
    this.#touchAll(key);
  }

  /** What is different from what was told last; `slotOf` names a cache. */
  changes(slotOf: (cache: number) => number): CellChange[] {
    const changes: CellChange[] = [];
    for (const [cell, why] of this.#touched) {
      const code = this.#code(cell);
      if (code === this.#told[cell]) continue;
      this.#told[cell] = code;
      const [slot, key] = [slotOf(Math.floor(cell / this.#keys)), (cell % this.#keys) + 1];
      changes.push(code === 0 && why ? [slot, key, code, why] : [slot, key, code]);
    }
    this.#touched.clear();
    return changes;
  }

  /** By cache: a character per key, as it was told last. */
  texts(): string[] {
    return Array.from({ length: this.#caches }, (_, cache) => {
      const codes = this.#told.subarray(cache * this.#keys, (cache + 1) * this.#keys);
      return Array.from(codes, (code) => CELL_CODES[code]).join('');
    });
  }

  #code(cell: number): CellCode {
    const version = this.#held[cell]!;
    if (version === 0) return 0;
    const key = cell % this.#keys;
    if (version < this.#current[key]!) return 3;
    return this.#holders[key]! > 1 ? 2 : 1;
  }

  #touchAll(key: number): void {
    for (let cache = 0; cache < this.#caches; cache++) {
      const cell = cache * this.#keys + key;
      if (!this.#touched.has(cell)) this.#touched.set(cell, undefined);
    }
  }
}
