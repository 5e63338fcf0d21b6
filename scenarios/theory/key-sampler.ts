import { mersenne } from 'pure-rand/generator/mersenne';

/**
 * Draws keys with the given shares in constant time (Walker's alias method). Its streams differ
 * from the workload's on purpose: what theory expects must not depend on the run's own draws.
 */
export function createKeySampler(shares: ArrayLike<number>, seed: number): () => number {
  const { threshold, alias } = aliasTable(shares);
  const random = mersenne(seed);
  const keys = threshold.length;
  return () => {
    const column = ((random.next() >>> 0) / 2 ** 32) * keys;
    const key = Math.floor(column);
    return (random.next() >>> 0) / 2 ** 32 < threshold[key]! ? key : alias[key]!;
  };
}

/** Vose's construction: each column is filled by one key and topped up by at most one other. */
function aliasTable(shares: ArrayLike<number>) {
  const keys = shares.length;
  let total = 0;
  for (let k = 0; k < keys; k++) total += shares[k]!;
  const threshold = new Float64Array(keys);
  const alias = new Uint32Array(keys);
  const small: number[] = [];
  const large: number[] = [];
  for (let k = 0; k < keys; k++) {
    threshold[k] = (shares[k]! * keys) / total;
    (threshold[k]! < 1 ? small : large).push(k);
  }
  while (small.length > 0 && large.length > 0) {
    const under = small.pop()!;
    const over = large.at(-1)!;
    alias[under] = over;
    threshold[over] = threshold[over]! + threshold[under]! - 1;
    if (threshold[over]! < 1) small.push(large.pop()!);
  }
  // What rounding left over is full.
  for (const key of [...small, ...large]) threshold[key] = 1;
  return { threshold, alias };
}
