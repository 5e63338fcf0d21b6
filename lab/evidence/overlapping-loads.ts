import { isMiss } from '../../scenarios/theory/outcomes.ts';
import { type Ledger, READ } from '../traffic/ledger.ts';

/**
 * Misses of a key that was being loaded already: the request was sent before the response to an
 * earlier miss of that key had come. Whichever load comes back first ends that; a miss after it
 * means that the key was lost, and is not counted here. A ledger is in the order of arrival, so of
 * loads that overlap the first in it is the one that ends that.
 */
export function overlappingLoads(ledger: Ledger): number {
  const loadedAt = new Map<number, number>();
  let overlapping = 0;
  for (let row = 0; row < ledger.length; row++) {
    if (ledger.operation[row] !== READ || !isMiss(ledger.outcome[row]!)) continue;
    const key = ledger.key[row]!;
    const arrivedMillis = ledger.arrivedMillis[row]!;
    const sentMillis = arrivedMillis - ledger.latencyMicros[row]! / 1_000;
    if (sentMillis < (loadedAt.get(key) ?? -Infinity)) overlapping++;
    else loadedAt.set(key, arrivedMillis);
  }
  return overlapping;
}
