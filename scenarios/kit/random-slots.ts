import { createKeySampler } from '../theory/key-sampler.ts';

/** So many workers at random, each as likely as the others; the same seed gives the same. */
export function randomSlots(
  { workers, seed }: { readonly workers: number; readonly seed: number },
  length: number,
): number[] {
  const draw = createKeySampler(new Array(workers).fill(1 / workers), seed);
  return Array.from({ length }, () => 1 + draw());
}
