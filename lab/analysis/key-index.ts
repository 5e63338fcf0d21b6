/** Finds the node of a key in a {@link ModelCache}; −1: there is none. */
export interface KeyIndex {
  get(key: number): number;
  set(key: number, node: number): void;
  delete(key: number): void;
}

/** A cell per key that exists: the fastest, for one cache or a few. */
export class DenseIndex implements KeyIndex {
  #nodes: Int32Array;

  /** `keys` is how many are likely; larger ones are accepted. */
  constructor(keys = 64) {
    this.#nodes = new Int32Array(Math.max(1, keys)).fill(-1);
  }

  get(key: number): number {
    return key < this.#nodes.length ? this.#nodes[key]! : -1;
  }

  set(key: number, node: number): void {
    if (key >= this.#nodes.length) {
      const larger = new Int32Array(Math.max(key + 1, this.#nodes.length * 2)).fill(-1);
      larger.set(this.#nodes);
      this.#nodes = larger;
    }
    this.#nodes[key] = node;
  }

  delete(key: number): void {
    this.#nodes[key] = -1;
  }
}

/** Memory for the keys that are held alone: for thousands of caches that each hold few. */
export class SparseIndex implements KeyIndex {
  readonly #nodes = new Map<number, number>();

  get(key: number): number {
    return this.#nodes.get(key) ?? -1;
  }

  set(key: number, node: number): void {
    this.#nodes.set(key, node);
  }

  delete(key: number): void {
    this.#nodes.delete(key);
  }
}
