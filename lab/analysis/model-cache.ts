import { OUTCOMES } from '../../reports/record.ts';

/** Outcomes of a lookup as indices into {@link OUTCOMES}, so that loops compare numbers. */
export const HIT = OUTCOMES.indexOf('hit');
export const COLD = OUTCOMES.indexOf('cold');
export const EXPIRED = OUTCOMES.indexOf('expired');
export const EVICTED = OUTCOMES.indexOf('evicted');

/** What decides how a cache behaves; names and meanings are Django's. */
export interface CacheLimits {
  readonly maxEntries: number;
  /** `null`: entries never expire; 0 or negative: they are expired as soon as stored. */
  readonly timeoutSeconds: number | null;
  /** A cull drops 1/cullFrequency of the entries; 0 drops all. */
  readonly cullFrequency: number;
  /**
   * `django` (default): a full cache culls a batch before any store. `lru`: it drops the single
   * least recently used entry, and only for a new key.
   */
  readonly policy?: 'django' | 'lru' | undefined;
}

/** Stand in the index of keys where no entry is held; all are negative. */
const NEVER_STORED = -1;
const WAS_EVICTED = -2;

/**
 * An exact model of Django's LocMemCache for keys that are small integers: the same recency, cull,
 * expiry and reasons for a miss, request by request, without the values. Entries are nodes of a
 * doubly linked list in typed arrays, the most recent behind node 0. Time is passed in.
 */
export class ModelCache {
  size = 0;
  readonly #limits: CacheLimits;
  readonly #expires: boolean;
  readonly #onRemove: ((key: number) => void) | undefined;
  /** Node of each key, or why there is none. */
  #nodeOf: Int32Array;
  #newer = new Int32Array(64);
  #older = new Int32Array(64);
  #keyOf = new Int32Array(64);
  #expiresAt = new Float64Array(64);
  /** Unused nodes, linked by `#older`; 0 when there is none. */
  #free = 0;
  #used = 1;

  /** `keys` is how many different keys are likely; more are accepted. `onRemove` hears of culls, expiries and deletions. */
  constructor(limits: CacheLimits, keys = 64, onRemove?: (key: number) => void) {
    this.#limits = limits;
    this.#expires = limits.timeoutSeconds !== null;
    this.#nodeOf = new Int32Array(Math.max(1, keys)).fill(NEVER_STORED);
    this.#onRemove = onRemove;
  }

  /** Asks for a key and, after a miss, stores it at the same moment. Returns the lookup's outcome. */
  request(key: number, nowSeconds: number): number {
    const outcome = this.lookup(key, nowSeconds);
    if (outcome !== HIT) this.store(key, nowSeconds);
    return outcome;
  }

  /** Asks for a key; an expired entry is removed, a live one becomes the most recent. */
  lookup(key: number, nowSeconds: number): number {
    const node = key < this.#nodeOf.length ? this.#nodeOf[key]! : NEVER_STORED;
    if (node < 0) return node === NEVER_STORED ? COLD : EVICTED;
    if (this.#expires && this.#expiresAt[node]! <= nowSeconds) {
      this.#remove(node, NEVER_STORED);
      return EXPIRED;
    }
    if (this.#older[0] !== node) {
      this.#unlink(node);
      this.#linkFirst(node);
    }
    return HIT;
  }

  /** Stores a key. In a full cache Django culls first, even when the key is there already. */
  store(key: number, nowSeconds: number): void {
    if (key >= this.#nodeOf.length) this.#growIndex(key);
    if (this.size >= this.#limits.maxEntries) this.#cull(key);
    let node = this.#nodeOf[key]!;
    if (node >= 0) {
      this.#unlink(node);
    } else {
      node = this.#takeNode();
      this.#keyOf[node] = key;
      this.#nodeOf[key] = node;
      this.size++;
    }
    if (this.#expires) this.#expiresAt[node] = nowSeconds + this.#limits.timeoutSeconds!;
    this.#linkFirst(node);
  }

  /** Removes a key on purpose: the next lookup of it is cold. */
  delete(key: number): void {
    const node = key < this.#nodeOf.length ? this.#nodeOf[key]! : NEVER_STORED;
    if (node >= 0) this.#remove(node, NEVER_STORED);
    else if (node === WAS_EVICTED) this.#nodeOf[key] = NEVER_STORED;
  }

  /** Removes everything on purpose. */
  clear(): void {
    while (this.size > 0) this.#remove(this.#newer[0]!, NEVER_STORED);
    this.#nodeOf.fill(NEVER_STORED);
  }

  /** Whether a lookup now would hit; changes nothing. */
  holds(key: number, nowSeconds: number): boolean {
    const node = key < this.#nodeOf.length ? this.#nodeOf[key]! : NEVER_STORED;
    return node >= 0 && !(this.#expires && this.#expiresAt[node]! <= nowSeconds);
  }

  /** The keys held, expired ones that nobody touched included, least recently used first. */
  keys(): number[] {
    const keys: number[] = [];
    for (let node = this.#newer[0]!; node !== 0; node = this.#newer[node]!) {
      keys.push(this.#keyOf[node]!);
    }
    return keys;
  }

  #cull(key: number): void {
    const { policy, cullFrequency } = this.#limits;
    let drop: number;
    if (policy === 'lru') drop = this.#nodeOf[key]! >= 0 ? 0 : Math.min(1, this.size);
    else drop = cullFrequency === 0 ? this.size : Math.floor(this.size / cullFrequency);
    for (; drop > 0; drop--) this.#remove(this.#newer[0]!, WAS_EVICTED);
  }

  #remove(node: number, trace: number): void {
    const key = this.#keyOf[node]!;
    this.#unlink(node);
    this.#nodeOf[key] = trace;
    this.#older[node] = this.#free;
    this.#free = node;
    this.size--;
    this.#onRemove?.(key);
  }

  #unlink(node: number): void {
    const newer = this.#newer[node]!;
    const older = this.#older[node]!;
    this.#older[newer] = older;
    this.#newer[older] = newer;
  }

  /** Node 0 closes the ring: `#older[0]` is the most recent entry, `#newer[0]` the least recent. */
  #linkFirst(node: number): void {
    const first = this.#older[0]!;
    this.#older[0] = node;
    this.#newer[node] = 0;
    this.#older[node] = first;
    this.#newer[first] = node;
  }

  #takeNode(): number {
    const free = this.#free;
    if (free !== 0) {
      this.#free = this.#older[free]!;
      return free;
    }
    if (this.#used === this.#newer.length) {
      this.#newer = doubled(this.#newer);
      this.#older = doubled(this.#older);
      this.#keyOf = doubled(this.#keyOf);
      const expiresAt = new Float64Array(this.#expiresAt.length * 2);
      expiresAt.set(this.#expiresAt);
      this.#expiresAt = expiresAt;
    }
    return this.#used++;
  }

  #growIndex(key: number): void {
    const larger = new Int32Array(Math.max(key + 1, this.#nodeOf.length * 2)).fill(NEVER_STORED);
    larger.set(this.#nodeOf);
    this.#nodeOf = larger;
  }
}

function doubled(column: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(column.length * 2);
  larger.set(column);
  return larger;
}
