/** Finds the node of a key in a {@link ModelCache}; 0: there is none. */
export interface KeyIndex {
  get(key: number): number;
  set(key: number, node: number): void;
  delete(key: number): void;
  clear(): void;
}

/** A cell per key that exists: the fastest, for one cache or a few. */
export class DenseIndex implements KeyIndex {
  #nodes: Int32Array;

  /** `keys` is how many are likely; larger ones are accepted. */
  constructor(keys = 64) {
    this.#nodes = new Int32Array(keys);
  }

  get(key: number): number {
    return key < this.#nodes.length ? this.#nodes[key]! : 0;
  }

  set(key: number, node: number): void {
    if (key >= this.#nodes.length) {
      const larger = new Int32Array(Math.max(key + 1, this.#nodes.length * 2));
      larger.set(this.#nodes);
      this.#nodes = larger;
    }
    this.#nodes[key] = node;
  }

  delete(key: number): void {
    this.#nodes[key] = 0;
  }

  clear(): void {
    this.#nodes.fill(0);
  }
}

/**
 * Memory for the keys that are known alone: for thousands of caches that each hold few. A hash
 * table with open addressing, half empty at least; a removed key is filled up from behind, so that
 * no traces of it stay.
 */
export class SparseIndex implements KeyIndex {
  #size = 0;
  #mask = 15;
  /** Pairs of key and node; a node of 0 is an empty place. */
  #pairs = new Int32Array(32);

  get(key: number): number {
    return this.#pairs[2 * this.#placeOf(key) + 1]!;
  }

  set(key: number, node: number): void {
    if (2 * (this.#size + 1) > this.#mask + 1) this.#grow();
    const place = this.#placeOf(key);
    if (this.#pairs[2 * place + 1] === 0) this.#size++;
    this.#pairs[2 * place] = key;
    this.#pairs[2 * place + 1] = node;
  }

  delete(key: number): void {
    const pairs = this.#pairs;
    let hole = this.#placeOf(key);
    if (pairs[2 * hole + 1] === 0) return;
    this.#size--;
    for (let next = hole; ; ) {
      next = (next + 1) & this.#mask;
      if (pairs[2 * next + 1] === 0) break;
      // A key may move up to the hole only if that is not before its own first place.
      const home = this.#home(pairs[2 * next]!);
      if (((next - home) & this.#mask) < ((next - hole) & this.#mask)) continue;
      pairs[2 * hole] = pairs[2 * next]!;
      pairs[2 * hole + 1] = pairs[2 * next + 1]!;
      hole = next;
    }
    pairs[2 * hole + 1] = 0;
  }

  clear(): void {
    this.#pairs.fill(0);
    this.#size = 0;
  }

  /** Where the key is, or the empty place where it would be. */
  #placeOf(key: number): number {
    let place = this.#home(key);
    while (this.#pairs[2 * place + 1] !== 0 && this.#pairs[2 * place] !== key) {
      place = (place + 1) & this.#mask;
    }
    return place;
  }

  /** Fibonacci hashing; the high bits of the product are the well mixed ones. */
  #home(key: number): number {
    return (Math.imul(key, 0x9e3779b1) >>> 7) & this.#mask;
  }

  #grow(): void {
    const old = this.#pairs;
    this.#mask = 2 * this.#mask + 1;
    this.#pairs = new Int32Array(2 * (this.#mask + 1));
    this.#size = 0;
    for (let i = 0; i < old.length; i += 2) {
      if (old[i + 1] !== 0) this.set(old[i]!, old[i + 1]!);
    }
  }
}

/**
 * A cell for each of the first `keys` keys, and a table for all others: fast for those that are
 * asked for most, where keys are numbered as they appear, in memory that has a limit.
 */
export class MixedIndex implements KeyIndex {
  readonly #keys: number;
  readonly #first = new DenseIndex();
  readonly #others = new SparseIndex();

  constructor(keys: number) {
    this.#keys = keys;
  }

  get(key: number): number {
    return key < this.#keys ? this.#first.get(key) : this.#others.get(key);
  }

  set(key: number, node: number): void {
    if (key < this.#keys) this.#first.set(key, node);
    else this.#others.set(key, node);
  }

  delete(key: number): void {
    if (key < this.#keys) this.#first.delete(key);
    else this.#others.delete(key);
  }

  clear(): void {
    this.#first.clear();
    this.#others.clear();
  }
}
