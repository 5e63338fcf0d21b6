import { DenseIndex, type KeyIndex } from './key-index.ts';
import { COLD, EVICTED, EXPIRED, HIT } from './outcomes.ts';

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

export interface ModelCacheOptions {
  readonly index?: KeyIndex | undefined;
  /** How many departed entries are remembered, to tell evicted and expired from cold. */
  readonly remembered?: number | undefined;
  /** Hears of each entry that a cull, its expiry, `delete` or `clear` removes. */
  readonly onRemove?: ((key: number) => void) | undefined;
}

/** The first nodes are no entries: each closes a ring. */
const LIVE = 0;
const GONE = 1;
const FIRST_ENTRY = 2;
/** LocMemCache remembers as many departed entries as it may hold, within these bounds. */
const REMEMBERED_AT_LEAST = 10_000;
const REMEMBERED_AT_MOST = 1_000_000;

/**
 * An exact model of the lab's LocMemCache for keys that are small whole numbers: the same recency,
 * cull, expiry and reasons for a miss, request by request, without the values. Time is passed in.
 *
 * Entries are nodes in typed arrays, in one of two rings: the live ones by recency, the departed
 * ones by when they left. `#older[ring]` is a ring's newest node, `#newer[ring]` its oldest.
 */
export class ModelCache {
  /** Entries held, expired ones that nobody touched included. */
  size = 0;
  readonly #limits: CacheLimits;
  readonly #index: KeyIndex;
  readonly #lifeSeconds: number;
  readonly #remembered: number;
  readonly #onRemove: ((key: number) => void) | undefined;
  #gone = 0;
  #newer = new Int32Array(64);
  #older = new Int32Array(64);
  #keyOf = new Int32Array(64);
  #live = new Uint8Array(64);
  #expiresAt = new Float64Array(64);
  /** First unused node below `#used`; the others are linked by `#older`. 0: none. */
  #free = 0;
  #used = FIRST_ENTRY;

  constructor(limits: CacheLimits, options: ModelCacheOptions = {}) {
    this.#limits = limits;
    this.#index = options.index ?? new DenseIndex();
    this.#lifeSeconds = limits.timeoutSeconds ?? Infinity;
    this.#remembered =
      options.remembered ??
      Math.max(REMEMBERED_AT_LEAST, Math.min(limits.maxEntries, REMEMBERED_AT_MOST));
    this.#onRemove = options.onRemove;
    this.#newer[GONE] = GONE;
    this.#older[GONE] = GONE;
  }

  /** Asks for a key and, after a miss, stores it at the same moment. Returns the lookup's outcome. */
  request(key: number, nowSeconds: number): number {
    const outcome = this.lookup(key, nowSeconds);
    if (outcome !== HIT) this.store(key, nowSeconds);
    return outcome;
  }

  /** Asks for a key; an expired entry is removed, a live one becomes the most recent. */
  lookup(key: number, nowSeconds: number): number {
    const node = this.#index.get(key);
    if (node < 0) return COLD;
    const expired = this.#expiresAt[node]! <= nowSeconds;
    if (this.#live[node] === 0) return expired ? EXPIRED : EVICTED;
    if (expired) {
      this.#depart(node);
      // It has expired for good, even if the clock is set back.
      this.#expiresAt[node] = -Infinity;
      return EXPIRED;
    }
    if (this.#older[LIVE] !== node) this.#move(node, LIVE);
    return HIT;
  }

  /** Stores a key as the most recent. A full cache culls first, even when the key is there. */
  store(key: number, nowSeconds: number): void {
    let node = this.#index.get(key);
    if (this.size >= this.#limits.maxEntries) this.#cull(node >= 0 && this.#live[node] === 1);
    node = this.#index.get(key);
    if (node < 0) {
      node = this.#takeNode();
      this.#keyOf[node] = key;
      this.#index.set(key, node);
      this.#link(node, LIVE);
      this.#live[node] = 1;
      this.size++;
    } else {
      if (this.#live[node] === 0) {
        this.#live[node] = 1;
        this.size++;
        this.#gone--;
      }
      this.#move(node, LIVE);
    }
    this.#expiresAt[node] = nowSeconds + this.#lifeSeconds;
    for (let i = 0; i < 2 && this.#gone > this.#remembered; i++) this.#forget(this.#newer[GONE]!);
  }

  /** Removes a key on purpose: the next lookup of it is cold. */
  delete(key: number): void {
    const node = this.#index.get(key);
    if (node < 0) return;
    if (this.#live[node] === 1) this.#depart(node);
    this.#forget(node);
  }

  /** Removes everything on purpose. */
  clear(): void {
    while (this.size > 0) this.#depart(this.#newer[LIVE]!);
    while (this.#gone > 0) this.#forget(this.#newer[GONE]!);
  }

  /** Whether the entry is held, expired or not. */
  contains(key: number): boolean {
    const node = this.#index.get(key);
    return node >= 0 && this.#live[node] === 1;
  }

  /** Whether a lookup now would hit; changes nothing. */
  wouldHit(key: number, nowSeconds: number): boolean {
    const node = this.#index.get(key);
    return node >= 0 && this.#live[node] === 1 && this.#expiresAt[node]! > nowSeconds;
  }

  /** The keys held, expired ones that nobody touched included, least recently used first. */
  keys(): number[] {
    const keys: number[] = [];
    for (let node = this.#newer[LIVE]!; node !== LIVE; node = this.#newer[node]!) {
      keys.push(this.#keyOf[node]!);
    }
    return keys;
  }

  #cull(overwrites: boolean): void {
    const { policy, cullFrequency } = this.#limits;
    let drop: number;
    if (policy === 'lru') drop = overwrites || this.size === 0 ? 0 : 1;
    else drop = cullFrequency === 0 ? this.size : Math.floor(this.size / cullFrequency);
    for (; drop > 0; drop--) this.#depart(this.#newer[LIVE]!);
    if (this.#remembered === 0) while (this.#gone > 0) this.#forget(this.#newer[GONE]!);
  }

  /** An entry leaves the cache, but not yet its memory. */
  #depart(node: number): void {
    this.#live[node] = 0;
    this.size--;
    this.#gone++;
    this.#move(node, GONE);
    this.#onRemove?.(this.#keyOf[node]!);
  }

  #forget(node: number): void {
    this.#unlink(node);
    this.#gone--;
    this.#index.delete(this.#keyOf[node]!);
    this.#older[node] = this.#free;
    this.#free = node;
  }

  /** To the newest end of a ring. */
  #move(node: number, ring: number): void {
    this.#unlink(node);
    this.#link(node, ring);
  }

  #unlink(node: number): void {
    const newer = this.#newer[node]!;
    const older = this.#older[node]!;
    this.#older[newer] = older;
    this.#newer[older] = newer;
  }

  #link(node: number, ring: number): void {
    const first = this.#older[ring]!;
    this.#older[ring] = node;
    this.#newer[node] = ring;
    this.#older[node] = first;
    this.#newer[first] = node;
  }

  #takeNode(): number {
    const free = this.#free;
    if (free !== 0) {
      this.#free = this.#older[free]!;
      return free;
    }
    if (this.#used === this.#newer.length) this.#growNodes(this.#used * 2);
    return this.#used++;
  }

  #growNodes(length: number): void {
    this.#newer = copyInto(new Int32Array(length), this.#newer);
    this.#older = copyInto(new Int32Array(length), this.#older);
    this.#keyOf = copyInto(new Int32Array(length), this.#keyOf);
    this.#live = copyInto(new Uint8Array(length), this.#live);
    this.#expiresAt = copyInto(new Float64Array(length), this.#expiresAt);
  }
}

function copyInto<T extends Int32Array | Uint8Array | Float64Array>(larger: T, column: T): T {
  larger.set(column);
  return larger;
}
