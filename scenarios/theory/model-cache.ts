import type { CacheLimits, ModelCacheOptions } from './cache-limits.ts';
import { departedRemembered, entriesPerCull } from './cache-limits.ts';
import { DenseIndex, type KeyIndex } from './key-index.ts';
import { COLD, EVICTED, EXPIRED, HIT } from './outcomes.ts';
import {
  FIRST_ENTRY,
  GONE,
  IS_LIVE,
  KEY,
  LIVE,
  link,
  moveOldest,
  NODE_SHIFT,
  NODE_SIZE,
  OLDER,
  swapOldest,
  unlink,
} from './rings.ts';

/** What a {@link ModelCache} knows. */
export interface ModelCacheState {
  readonly size: number;
  readonly gone: number;
  readonly free: number;
  readonly used: number;
  readonly nodes: Int32Array;
  readonly expiresAt: Float64Array;
}

/**
 * An exact model of the lab's LocMemCache for keys that are small whole numbers: the same recency,
 * cull, expiry and reasons for a miss, request by request, without the values. Time is passed in.
 */
export class ModelCache {
  /** Entries held, expired ones that nobody touched included. */
  size = 0;
  readonly #limits: CacheLimits;
  readonly #index: KeyIndex;
  readonly #expires: boolean;
  readonly #remembered: number;
  readonly #onRemove: ((key: number) => void) | undefined;
  #gone = 0;
  #nodes = new Int32Array(256);
  #expiresAt = new Float64Array(64);
  /** First unused node below `#used`; the others are linked by OLDER. 0: none. */
  #free = 0;
  #used = FIRST_ENTRY;

  constructor(limits: CacheLimits, options: ModelCacheOptions = {}) {
    this.#limits = limits;
    this.#index = options.index ?? new DenseIndex();
    this.#expires = limits.timeoutSeconds !== null;
    this.#remembered = options.remembered ?? departedRemembered(limits);
    this.#onRemove = options.onRemove;
    this.clear();
  }

  /** All that it knows, as plain data: {@link restore} makes another of it that goes on alike. */
  state(): ModelCacheState {
    return {
      size: this.size,
      gone: this.#gone,
      free: this.#free,
      used: this.#used,
      nodes: this.#nodes.slice(),
      expiresAt: this.#expiresAt.slice(),
    };
  }

  /** Takes over what another of the same limits knew; what it held itself is forgotten. */
  restore(state: ModelCacheState): void {
    this.clear();
    this.size = state.size;
    this.#gone = state.gone;
    this.#free = state.free;
    this.#used = state.used;
    this.#nodes = state.nodes.slice();
    this.#expiresAt = state.expiresAt.slice();
    for (const ring of [LIVE, GONE]) {
      for (let node = this.#nodes[ring]!; node !== ring; node = this.#nodes[node]!) {
        this.#index.set(this.#nodes[node + KEY]!, node);
      }
    }
  }

  /** Asks for a key and, after a miss, stores it at the same moment. Returns the lookup's outcome. */
  request(key: number, nowSeconds: number): number {
    const node = this.#index.get(key);
    const outcome = node === 0 ? COLD : this.#find(node, nowSeconds);
    if (outcome !== HIT) this.#put(key, node, nowSeconds);
    return outcome;
  }

  /**
   * As {@link request} for many keys at the moments of `seconds`. Returns the number of misses, and
   * marks them with 1 in `missed` where given. The path of a hit, {@link unlink} and {@link link}, is
   * written out once more: most requests take it, and it runs about a third faster like this. So does
   * a strict LRU's usual miss: {@link swapOldest}.
   */
  requestAll(keys: Uint32Array, seconds: Float64Array, missed?: Uint8Array): number {
    let nodes = this.#nodes;
    const index = this.#index;
    const expires = this.#expires;
    const most = this.#limits.maxEntries;
    // Stryker disable next-line all: a shortcut, without which #put does the same
    const swaps = this.#limits.policy === 'lru' && most > 0 && !expires && !this.#onRemove;
    let misses = 0;
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]!;
      const node = index.get(key);
      if (nodes[node + IS_LIVE] === 0) {
        misses++;
        if (missed) missed[i] = 1;
        // Stryker disable next-line all: as above; that it is not taken too often is tested
        if (swaps && node !== 0 && this.size === most) {
          swapOldest(nodes, node);
          continue;
        }
        this.#put(key, node, seconds[i]!);
        nodes = this.#nodes;
      } else if (expires && this.#expiresAt[node >> NODE_SHIFT]! <= seconds[i]!) {
        misses++;
        if (missed) missed[i] = 1;
        this.request(key, seconds[i]!);
      } else {
        const newest = nodes[LIVE + OLDER]!;
        if (newest === node) continue;
        const newer = nodes[node]!;
        const older = nodes[node + OLDER]!;
        nodes[newer + OLDER] = older;
        nodes[older] = newer;
        nodes[LIVE + OLDER] = node;
        nodes[node] = LIVE;
        nodes[node + OLDER] = newest;
        nodes[newest] = node;
      }
    }
    return misses;
  }

  /** Asks for a key; an expired entry is removed, a live one becomes the most recent. */
  lookup(key: number, nowSeconds: number): number {
    const node = this.#index.get(key);
    return node === 0 ? COLD : this.#find(node, nowSeconds);
  }

  /** Stores a key as the most recent. A full cache culls first, even when the key is there. */
  store(key: number, nowSeconds: number): void {
    this.#put(key, this.#index.get(key), nowSeconds);
  }

  /** Removes a key on purpose: the next lookup of it is cold. */
  delete(key: number): void {
    const node = this.#index.get(key);
    if (node === 0) return;
    if (this.#nodes[node + IS_LIVE] === 1) this.#depart(node);
    this.#forget(node);
  }

  /** Removes everything on purpose. */
  clear(): void {
    if (this.size > 0) this.#departOldest(this.size);
    this.#index.clear();
    this.#nodes[GONE] = GONE;
    this.#nodes[GONE + OLDER] = GONE;
    this.#gone = 0;
    this.#free = 0;
    this.#used = FIRST_ENTRY;
  }

  /** Whether the entry is held, expired or not. */
  contains(key: number): boolean {
    return this.#nodes[this.#index.get(key) + IS_LIVE] === 1;
  }

  /** Whether a lookup now would hit; changes nothing. */
  wouldHit(key: number, nowSeconds: number): boolean {
    return this.contains(key) && !this.#isOver(this.#index.get(key), nowSeconds);
  }

  /** The keys held, expired ones that nobody touched included, least recently used first. */
  keys(): number[] {
    const nodes = this.#nodes;
    const keys: number[] = [];
    for (let node = nodes[LIVE]!; node !== LIVE; node = nodes[node]!) {
      keys.push(nodes[node + KEY]!);
    }
    return keys;
  }

  #isOver(node: number, nowSeconds: number): boolean {
    return this.#expires && this.#expiresAt[node >> NODE_SHIFT]! <= nowSeconds;
  }

  /** A lookup of a node, live or departed. */
  #find(node: number, nowSeconds: number): number {
    const expired = this.#isOver(node, nowSeconds);
    if (this.#nodes[node + IS_LIVE] === 0) return expired ? EXPIRED : EVICTED;
    if (expired) {
      this.#depart(node);
      // It has expired for good, even if the clock is set back.
      this.#expiresAt[node >> NODE_SHIFT] = -Infinity;
      return EXPIRED;
    }
    unlink(this.#nodes, node);
    link(this.#nodes, node, LIVE);
    return HIT;
  }

  /** Stores a key whose node is known, or 0. */
  #put(key: number, known: number, nowSeconds: number): void {
    let node = known;
    if (this.size >= this.#limits.maxEntries) this.#cull(this.#nodes[node + IS_LIVE] === 1);
    if (node === 0) {
      node = this.#takeNode();
      this.#nodes[node + KEY] = key;
      this.#index.set(key, node);
    } else {
      this.#leaveRing(node);
    }
    this.#nodes[node + IS_LIVE] = 1;
    this.size++;
    link(this.#nodes, node, LIVE);
    if (this.#expires) {
      this.#expiresAt[node >> NODE_SHIFT] = nowSeconds + this.#limits.timeoutSeconds!;
    }
    if (this.#gone > this.#remembered) this.#forgetSome();
  }

  #cull(overwrites: boolean): void {
    const { policy, cullFrequency } = this.#limits;
    const one = overwrites || this.size === 0 ? 0 : 1;
    const drop = policy === 'lru' ? one : entriesPerCull({ maxEntries: this.size, cullFrequency });
    if (drop > 0) this.#departOldest(drop);
  }

  /** The least recent entries leave together: the whole run moves from one ring to the other. */
  #departOldest(count: number): void {
    const nodes = this.#nodes;
    const oldest = nodes[LIVE]!;
    moveOldest(nodes, count);
    this.size -= count;
    this.#gone += count;
    if (!this.#onRemove) return;
    for (let node = oldest; node !== GONE; node = nodes[node]!) {
      this.#onRemove(nodes[node + KEY]!);
    }
  }

  /** An entry leaves the cache, but not yet its memory. */
  #depart(node: number): void {
    this.#leaveRing(node);
    this.#nodes[node + IS_LIVE] = 0;
    this.#gone++;
    link(this.#nodes, node, GONE);
    this.#onRemove?.(this.#nodes[node + KEY]!);
  }

  /** As LocMemCache does: at most two for each store, so that no store takes long. */
  #forgetSome(): void {
    const most = this.#remembered === 0 ? this.#gone : 2;
    for (let i = 0; i < most && this.#gone > this.#remembered; i++) {
      this.#forget(this.#nodes[GONE]!);
    }
  }

  #forget(node: number): void {
    this.#leaveRing(node);
    this.#index.delete(this.#nodes[node + KEY]!);
    this.#nodes[node + OLDER] = this.#free;
    this.#free = node;
  }

  /** Takes a node out of whichever ring it is in. */
  #leaveRing(node: number): void {
    if (this.#nodes[node + IS_LIVE] === 1) this.size--;
    else this.#gone--;
    unlink(this.#nodes, node);
  }

  #takeNode(): number {
    const free = this.#free;
    if (free !== 0) {
      this.#free = this.#nodes[free + OLDER]!;
      return free;
    }
    if (this.#used === this.#nodes.length) this.#grow();
    this.#used += NODE_SIZE;
    return this.#used - NODE_SIZE;
  }

  #grow(): void {
    const [nodes, expiresAt] = [this.#nodes, this.#expiresAt];
    this.#nodes = new Int32Array(nodes.buffer.transfer(2 * nodes.byteLength));
    this.#expiresAt = new Float64Array(expiresAt.buffer.transfer(2 * expiresAt.byteLength));
  }
}
