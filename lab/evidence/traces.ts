import type { Bins, Trace } from '../../reports/record/schema.ts';
import { COLD, EVICTED, EXPIRED, HIT } from '../../scenarios/theory/outcomes.ts';
import { isRequest, type Ledger, NO_KEY } from '../traffic/ledger.ts';

/** A run is cut into about this many bins, enough for a curve on any screen. */
const BINS = 100;
/** Longer runs are shown in bins alone. */
export const LONGEST_TRACE = 20_000;

/** Where a response of this outcome is counted. */
const COLUMNS = new Map([
  [HIT, 'hits'],
  [COLD, 'cold'],
  [EXPIRED, 'expired'],
  [EVICTED, 'evicted'],
] as const);

/** Counts per bin of the request index, a row for each worker that answered. */
export function binsOf(ledger: Ledger): Bins {
  let requests = 0;
  for (let row = 0; row < ledger.length; row++) {
    requests = Math.max(requests, ledger.request[row]! + 1);
  }
  const requestsPerBin = Math.max(1, Math.ceil(requests / BINS));
  const bins = Math.ceil(requests / requestsPerBin);
  const workers = new Map<number, Bins['workers'][number]>();
  for (let row = 0; row < ledger.length; row++) {
    const slot = ledger.slot[row]!;
    if (slot === 0 || !isRequest(ledger.operation[row]!)) continue;
    let worker = workers.get(slot);
    if (!worker) {
      worker = emptyBins(slot, bins);
      workers.set(slot, worker);
    }
    const bin = Math.floor(ledger.request[row]! / requestsPerBin);
    const column = COLUMNS.get(ledger.outcome[row]!);
    worker.requests[bin]!++;
    if (column) worker[column][bin]!++;
  }
  return { requestsPerBin, workers: [...workers.values()].sort((a, b) => a.slot - b.slot) };
}

function emptyBins(slot: number, bins: number): Bins['workers'][number] {
  const zeros = () => new Array<number>(bins).fill(0);
  return {
    slot,
    requests: zeros(),
    hits: zeros(),
    cold: zeros(),
    expired: zeros(),
    evicted: zeros(),
  };
}

/** Every response in the order the requests were sent; `null` for a run that is too long for it. */
export function traceOf(options: {
  readonly ledger: Ledger;
  readonly keyName: (key: number) => string;
  readonly avoidable?: Uint8Array | undefined;
}): Trace | null {
  const { ledger, keyName, avoidable } = options;
  if (ledger.length > LONGEST_TRACE) return null;
  const order: number[] = [];
  for (let row = 0; row < ledger.length; row++) {
    if (isRequest(ledger.operation[row]!)) order.push(row);
  }
  order.sort((a, b) => ledger.request[a]! - ledger.request[b]!);
  const asked = [...new Set(order.map((row) => ledger.key[row]!))].sort((a, b) => a - b);
  const places = new Map(asked.map((key, place) => [key, place]));
  return {
    keys: asked.map((key) => (key === NO_KEY ? '' : keyName(key))),
    ranks: asked.map((key) => (key === NO_KEY ? 0 : key + 1)),
    key: order.map((row) => places.get(ledger.key[row]!)!),
    slot: order.map((row) => ledger.slot[row]!),
    outcome: order.map((row) => ledger.outcome[row]!),
    avoidable: avoidable ? order.map((row) => avoidable[row]!) : [],
  };
}
