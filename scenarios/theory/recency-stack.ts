import { entriesPerCull, type RecencyStackOptions } from './cache-limits.ts';
import { DenseIndex, type KeyIndex } from './key-index.ts';
import { KEY, LIVE, link, NODE_SHIFT, NODE_SIZE, OLDER, unlink } from './rings.ts';

/** So many groups of keys tell how far misses scatter from key to key. */
export const KEY_GROUPS = 32;

/** Stands in a node's last place. */
const LAST_USE = 3;
/** The ring that all nodes are in. */
const RING = LIVE;

/** A cache that holds nothing has its edge here: no use comes after it. */
const NEVER = 2 ** 31 - 1;

/**
 * Caches of many sizes in one pass. Whatever its size, a cache that drops the least recently used
 * holds the keys that were used last, so many of them: the top of one stack that all sizes share
 * (Mattson, Gecsei, Slutz and Traiger, "Evaluation techniques for storage hierarchies", 1970). Each
 * size has an edge, the last use of the oldest entry that it holds; a key is held when it was used
 * at the edge or since. Here no size pays for a request beyond all edges, where most requests are.
 *
 * The stack does not ask how far an edge moves when a cache is full: by one entry for a strict
 * LRU, by a batch for Django's cull. Nor does expiry move it, because an expired entry keeps its
 * place until it is asked for and is then stored again, as the most recent. So all of these are
 * exact: the same misses as a ModelCache of each size.
 */
export class RecencyStack {
  /** Lookups that missed, by size. */
  readonly misses: Float64Array;
  /** The same by size and group of keys, {@link KEY_GROUPS} for each size. */
  readonly missesByGroup: Float64Array;
  /** Hits whose entry a write had overtaken, by size. */
  readonly staleHits: Float64Array;
  readonly #limits: RecencyStackOptions['limits'];
  readonly #groupOf: RecencyStackOptions['groupOf'];
  readonly #index: KeyIndex;
  readonly #sizes: Int32Array;
  readonly #timeout: number;
  readonly #expires: boolean;
  readonly #countsStale: boolean;
  /** For each size how many entries it holds, its oldest one (or the ring), and when that was used. */
  readonly #held: Int32Array;
  readonly #oldest: Int32Array;
  readonly #edges: Int32Array;
  /** No size has its edge later. */
  #latestEdge = NEVER;
  #nodes = new Int32Array(64 * NODE_SIZE);
  /** For each node and size when its entry expires; for each node the first of these moments. */
  #expiresAt: Float64Array<ArrayBuffer>;
  #firstExpiry: Float64Array<ArrayBuffer>;
  /** For each node a bit for each size whose entry a write has overtaken. */
  #overtaken: Int32Array<ArrayBuffer>;
  /** How many uses there were; each has the number of those before it. */
  #uses: number;
  /** First unused node below `#end`; the others are linked by OLDER. RING: none. */
  #free = RING;
  #end = NODE_SIZE;

  constructor(options: RecencyStackOptions) {
    const { sizes, limits } = options;
    this.#limits = limits;
    this.#uses = options.requestsBefore ?? 0;
    this.#groupOf = options.groupOf;
    this.#index = options.index ?? new DenseIndex();
    this.#sizes = Int32Array.from(sizes);
    this.#timeout = limits.timeoutSeconds ?? Infinity;
    this.#expires = limits.timeoutSeconds !== null;
    this.#countsStale = options.countsStale ?? false;
    this.misses = new Float64Array(sizes.length);
    this.staleHits = new Float64Array(sizes.length);
    this.missesByGroup = new Float64Array(options.groupOf ? sizes.length * KEY_GROUPS : 0);
    this.#held = new Int32Array(sizes.length);
    this.#oldest = new Int32Array(sizes.length);
    this.#edges = new Int32Array(sizes.length);
    this.#expiresAt = new Float64Array(this.#expires ? 64 * sizes.length : 0);
    this.#firstExpiry = new Float64Array(this.#expires || this.#countsStale ? 64 : 0);
    this.#overtaken = new Int32Array(this.#countsStale ? 64 : 0);
    this.clear();
  }

  /**
   * Asks for the keys from place `from` to before `to`, at the moments of `seconds`, and stores each
   * after a miss at the same moment.
   */
  requestAll(keys: Uint32Array, seconds: Float64Array, from = 0, to = keys.length): void {
    if (this.#uses + (to - from) >= NEVER) this.#renumberUses();
    const index = this.#index;
    const watches = this.#expires || this.#countsStale;
    let nodes = this.#nodes;
    let latestEdge = this.#latestEdge;
    for (let i = from; i < to; i++) {
      const key = keys[i]!;
      const node = index.get(key);
      if (
        node === 0 ||
        nodes[node + LAST_USE]! <= latestEdge ||
        (watches && this.#firstExpiry[node >> NODE_SHIFT]! <= seconds[i]!)
      ) {
        this.#request(key, node, seconds[i]!);
        nodes = this.#nodes;
        latestEdge = this.#latestEdge;
        continue;
      }
      if (nodes[RING + OLDER] === node) continue;
      moveToTop(nodes, node);
      nodes[node + LAST_USE] = this.#uses++;
    }
  }

  /** A write changed what a key stands for, and these caches do not know: their hits are stale. */
  overtake(key: number): void {
    const node = this.#index.get(key);
    if (node === 0) return;
    this.#overtaken[node >> NODE_SHIFT] = -1;
    this.#firstExpiry[node >> NODE_SHIFT] = -Infinity;
  }

  /** Removes a key on purpose, from all sizes. */
  delete(key: number): void {
    const node = this.#index.get(key);
    if (node === 0) return;
    const nodes = this.#nodes;
    const newer = nodes[node]!;
    const lastUse = nodes[node + LAST_USE]!;
    this.#latestEdge = 0;
    for (let size = 0; size < this.#edges.length; size++) {
      if (lastUse >= this.#edges[size]!) this.#held[size]!--;
      if (lastUse === this.#edges[size]) {
        this.#oldest[size] = newer;
        this.#edges[size] = newer === RING ? NEVER : nodes[newer + LAST_USE]!;
      }
      this.#latestEdge = Math.max(this.#latestEdge, this.#edges[size]!);
    }
    this.#forget(node);
  }

  /** Removes everything on purpose. */
  clear(): void {
    this.#index.clear();
    this.#nodes[RING] = RING;
    this.#nodes[RING + OLDER] = RING;
    this.#held.fill(0);
    this.#oldest.fill(RING);
    this.#edges.fill(NEVER);
    this.#latestEdge = NEVER;
    this.#free = RING;
    this.#end = NODE_SIZE;
  }

  /** A request that some size may miss, or of which it is the oldest entry. */
  #request(key: number, known: number, now: number): void {
    const node = known === 0 ? this.#takeNode(key) : known;
    const nodes = this.#nodes;
    const edges = this.#edges;
    const lastUse = known === 0 ? -1 : nodes[node + LAST_USE]!;
    const use = this.#uses++;
    let latest = 0;
    let earliest = NEVER;
    const newer = nodes[node]!;
    const newerUse = newer === RING ? use : nodes[newer + LAST_USE]!;
    for (let size = 0; size < edges.length; size++) {
      let edge = edges[size]!;
      if (lastUse < edge) {
        if (this.#held[size]! >= this.#sizes[size]!) edge = this.#cull(size);
        this.#held[size]!++;
        if (edge === NEVER) {
          this.#oldest[size] = node;
          edge = use;
        }
        edges[size] = edge;
        this.#miss(key, node, size, now);
      } else {
        if (lastUse === edge) {
          this.#oldest[size] = newer === RING ? node : newer;
          edges[size] = edge = newerUse;
        }
        if (this.#isOver(node, size, now)) this.#miss(key, node, size, now);
        else if (this.#isOvertaken(node, size)) this.staleHits[size]!++;
      }
      if (edge > latest) latest = edge;
      if (edge < earliest) earliest = edge;
    }
    this.#latestEdge = latest;
    moveToTop(nodes, node);
    nodes[node + LAST_USE] = use;
    if (this.#expires || this.#countsStale) this.#setFirstExpiry(node);
    if (nodes[nodes[RING]! + LAST_USE]! < earliest) this.#forgetBefore(earliest);
  }

  /** A full cache drops its oldest entries. Returns its new edge. */
  #cull(size: number): number {
    const nodes = this.#nodes;
    const { policy, cullFrequency } = this.#limits;
    const held = this.#held[size]!;
    const one = Math.min(1, held);
    const drop = policy === 'lru' ? one : entriesPerCull({ maxEntries: held, cullFrequency });
    let oldest = this.#oldest[size]!;
    for (let i = 0; i < drop; i++) oldest = nodes[oldest]!;
    this.#oldest[size] = oldest;
    this.#held[size] = held - drop;
    return oldest === RING ? NEVER : nodes[oldest + LAST_USE]!;
  }

  #isOver(node: number, size: number, now: number): boolean {
    return this.#expires && this.#expiresAt[this.#expiryOf(node) + size]! <= now;
  }

  #miss(key: number, node: number, size: number, now: number): void {
    this.misses[size]!++;
    if (this.#groupOf) this.missesByGroup[size * KEY_GROUPS + this.#groupOf(key)]!++;
    if (this.#expires) this.#expiresAt[this.#expiryOf(node) + size] = now + this.#timeout;
    if (this.#countsStale) this.#overtaken[node >> NODE_SHIFT]! &= ~(1 << size);
  }

  /** Where the moments of a node's expiry begin. */
  #expiryOf(node: number): number {
    return (node >> NODE_SHIFT) * this.#edges.length;
  }

  #isOvertaken(node: number, size: number): boolean {
    return this.#countsStale && ((this.#overtaken[node >> NODE_SHIFT]! >> size) & 1) === 1;
  }

  /** An entry that was overtaken is looked at each time, as one that may have expired. */
  #setFirstExpiry(node: number): void {
    let first = Infinity;
    if (this.#expires) {
      const from = this.#expiryOf(node);
      for (let i = 0; i < this.#edges.length; i++) {
        first = Math.min(first, this.#expiresAt[from + i]!);
      }
    }
    if (this.#countsStale && this.#overtaken[node >> NODE_SHIFT] !== 0) first = -Infinity;
    this.#firstExpiry[node >> NODE_SHIFT] = first;
  }

  /** What was last used before all edges is held by nobody. */
  #forgetBefore(edge: number): void {
    const nodes = this.#nodes;
    for (let last = nodes[RING]!; nodes[last + LAST_USE]! < edge; last = nodes[RING]!) {
      this.#forget(last);
    }
  }

  #forget(node: number): void {
    const nodes = this.#nodes;
    unlink(nodes, node);
    this.#index.delete(nodes[node + KEY]!);
    nodes[node + OLDER] = this.#free;
    this.#free = node;
  }

  /** A node in a ring of its own. */
  #takeNode(key: number): number {
    let node = this.#free;
    if (node !== RING) this.#free = this.#nodes[node + OLDER]!;
    else {
      if (this.#end === this.#nodes.length) this.#grow();
      node = this.#end;
      this.#end += NODE_SIZE;
    }
    this.#nodes[node] = node;
    this.#nodes[node + OLDER] = node;
    this.#nodes[node + KEY] = key;
    if (this.#countsStale) this.#overtaken[node >> NODE_SHIFT] = 0;
    this.#index.set(key, node);
    return node;
  }

  #grow(): void {
    this.#nodes = new Int32Array(doubled(this.#nodes));
    this.#expiresAt = new Float64Array(doubled(this.#expiresAt));
    this.#firstExpiry = new Float64Array(doubled(this.#firstExpiry));
    this.#overtaken = new Int32Array(doubled(this.#overtaken));
  }

  /** Before the numbers end, those in use are counted anew. */
  #renumberUses(): void {
    const nodes = this.#nodes;
    this.#uses = 0;
    for (let node = nodes[RING]!; node !== RING; node = nodes[node]!) {
      nodes[node + LAST_USE] = this.#uses++;
    }
    this.#latestEdge = 0;
    for (let size = 0; size < this.#edges.length; size++) {
      const oldest = this.#oldest[size]!;
      this.#edges[size] = oldest === RING ? NEVER : nodes[oldest + LAST_USE]!;
      this.#latestEdge = Math.max(this.#latestEdge, this.#edges[size]!);
    }
  }
}

function moveToTop(nodes: Int32Array, node: number): void {
  unlink(nodes, node);
  link(nodes, node, RING);
}

function doubled({ buffer }: Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>): ArrayBuffer {
  return buffer.transfer(2 * buffer.byteLength);
}
