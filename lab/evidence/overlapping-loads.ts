import { isMiss } from '../../scenarios/theory/outcomes.ts';
import { type Ledger, READ } from '../traffic/ledger.ts';

/**
 * Misses of a key that was being loaded already: the request was sent before the response to an
 * earlier miss of that key had come. Whichever load comes back first ends that; a miss after it
 * means that the key was lost, and is not counted here.
 */
export function overlappingLoads(ledger: Ledger): number {
  const misses: { key: number; sentMillis: number; arrivedMillis: number }[] = [];
  for (let row = 0; row < ledger.length; row++) {
    if (ledger.operation[row] !== READ || !isMiss(ledger.outcome[row]!)) continue;
    const arrivedMillis = ledger.arrivedMillis[row]!;
    const sentMillis = arrivedMillis - ledger.latencyMicros[row]! / 1_000;
    misses.push({ key: ledger.key[row]!, sentMillis, arrivedMillis });
  }
  misses.sort((a, b) => a.sentMillis - b.sentMillis);
  const loadedAt = new Map<number, number>();
  let overlapping = 0;
  for (const { key, sentMillis, arrivedMillis } of misses) {
    const loaded = loadedAt.get(key);
    const overlaps = loaded !== undefined && sentMillis < loaded;
    if (overlaps) overlapping++;
    loadedAt.set(key, overlaps ? Math.min(loaded, arrivedMillis) : arrivedMillis);
  }
  return overlapping;
}
