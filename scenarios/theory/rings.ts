/*
 * Entries of a cache as nodes of two rings, all in one array of numbers, so that to touch an entry
 * touches little memory. A node is a place in the array: its newer neighbour stands there, and behind
 * it the rest. A ring is a node too: the one after its newest, and before its oldest.
 */
export const OLDER = 1;
export const KEY = 2;
export const IS_LIVE = 3;
export const NODE_SHIFT = 2;
export const NODE_SIZE = 1 << NODE_SHIFT;
/** The ring of live entries by recency, and that of departed ones by when they left. Neither is live itself. */
export const LIVE = 0;
export const GONE = NODE_SIZE;
export const FIRST_ENTRY = 2 * NODE_SIZE;

/** Takes a node out of its ring. */
export function unlink(nodes: Int32Array, node: number): void {
  const newer = nodes[node]!;
  const older = nodes[node + OLDER]!;
  nodes[newer + OLDER] = older;
  nodes[older] = newer;
}

/** Makes a node that is in no ring the newest of one. */
export function link(nodes: Int32Array, node: number, ring: number): void {
  const newest = nodes[ring + OLDER]!;
  nodes[ring + OLDER] = node;
  nodes[node] = ring;
  nodes[node + OLDER] = newest;
  nodes[newest] = node;
}

/** Moves the `count` oldest live nodes, one at least, to the newest end of those that are gone. */
export function moveOldest(nodes: Int32Array, count: number): void {
  const oldest = nodes[LIVE]!;
  let last = oldest;
  nodes[last + IS_LIVE] = 0;
  for (let i = 1; i < count; i++) {
    last = nodes[last]!;
    nodes[last + IS_LIVE] = 0;
  }
  const kept = nodes[last]!;
  nodes[LIVE] = kept;
  nodes[kept + OLDER] = LIVE;
  const newestGone = nodes[GONE + OLDER]!;
  nodes[newestGone] = oldest;
  nodes[oldest + OLDER] = newestGone;
  nodes[last] = GONE;
  nodes[GONE + OLDER] = last;
}

/** In a full strict LRU, for a node that is gone: the oldest live entry takes its place. */
export function swapOldest(nodes: Int32Array, node: number): void {
  const oldest = nodes[LIVE]!;
  unlink(nodes, oldest);
  nodes[oldest + IS_LIVE] = 0;
  link(nodes, oldest, GONE);
  unlink(nodes, node);
  nodes[node + IS_LIVE] = 1;
  link(nodes, node, LIVE);
}
