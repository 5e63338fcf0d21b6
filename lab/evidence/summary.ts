import type { Bins, Totals, Trace, WorkerFigures } from '../../reports/record/schema.ts';
import { hitRateOf, sum } from '../../reports/record/tally.ts';
import { OUTCOMES } from '../../reports/record/vocabulary.ts';
import { COLD, ERROR, EVICTED, EXPIRED, HIT, isMiss } from '../../scenarios/theory/outcomes.ts';
import { CacheStats } from '../../server/cache/stats.ts';
import type { WorkerSnapshot } from '../../server/protocol.ts';
import { isRequest, type Ledger, READ, requestsIn } from '../traffic/ledger.ts';
import { latencyOf } from './latency.ts';
import { binsOf, traceOf } from './traces.ts';

/** All that is known of one phase: what came back, and what the workers said before and after. */
export interface PhaseEvidence {
  readonly ledger: Ledger;
  readonly before: readonly WorkerSnapshot[];
  readonly after: readonly WorkerSnapshot[];
}

/** What is known of a phase, and what its figures are to be called. */
export interface SummaryOptions extends PhaseEvidence {
  /** The name of a key in the trace. */
  readonly keyName: (key: number) => string;
  /** All workers have one cache together, and each of them lists all of it. Default: each has its own. */
  readonly sharedCache?: boolean | undefined;
  /** From the replay: one per ledger row; left out when not replayed. */
  readonly avoidable?: Uint8Array | undefined;
}

/** The part of a record's phase that is counted from the ledger and the workers' counters. */
export interface PhaseSummary {
  /** By slot; a worker without a request is there too. */
  readonly workers: WorkerFigures[];
  readonly totals: Totals;
  readonly bins: Bins;
  readonly trace: Trace | null;
}

/**
 * Sums a phase up. Requests, outcomes and latencies are the ledger's; the rest is what the workers
 * counted between the two snapshots.
 */
export function summarizePhase(options: SummaryOptions): PhaseSummary {
  const { ledger, before, after } = options;
  const slots = new Set(ledger.slot.subarray(0, ledger.length));
  for (const { slot } of [...before, ...after]) slots.add(slot);
  // No worker: something between answered in its place.
  slots.delete(0);
  const workers = [...slots].sort((a, b) => a - b).map((slot) => workerFigures(slot, options));
  return {
    workers,
    totals: totalsOf(workers, options),
    bins: binsOf(ledger),
    trace: traceOf(options),
  };
}

/**
 * What the ledger says of one slot, and what its processes counted. One that is gone took its
 * counters with it: its origin queries are then those that its responses tell of, its evictions are
 * not known.
 */
function workerFigures(
  slot: number,
  { ledger, before, after, sharedCache }: SummaryOptions,
): WorkerFigures {
  const now = after.find((worker) => worker.slot === slot);
  const then = before.find((worker) => worker.slot === slot && worker.pid === now?.pid);
  const outcomes = OUTCOMES.map(() => 0);
  const hitMicros: number[] = [];
  const missMicros: number[] = [];
  let pid = before.find((worker) => worker.slot === slot)?.pid ?? 0;
  let originQueries = (now?.originQueries ?? 0) - (then?.originQueries ?? 0);
  for (let row = 0; row < ledger.length; row++) {
    if (ledger.slot[row] !== slot) continue;
    if (ledger.pid[row] !== now?.pid && loads(ledger, row)) originQueries++;
    if (!isRequest(ledger.operation[row]!)) continue;
    pid = ledger.pid[row]!;
    const outcome = ledger.outcome[row]!;
    outcomes[outcome]!++;
    if (outcome === HIT) hitMicros.push(ledger.latencyMicros[row]!);
    else if (isMiss(outcome)) missMicros.push(ledger.latencyMicros[row]!);
  }
  const hits = outcomes[HIT]!;
  const misses = {
    cold: outcomes[COLD]!,
    expired: outcomes[EXPIRED]!,
    evicted: outcomes[EVICTED]!,
  };
  const counted = new CacheStats(now?.stats ?? {}).minus(new CacheStats(then?.stats ?? {}));
  return {
    slot,
    pid: now?.pid ?? pid,
    connections: (now?.connections ?? 0) - (then?.connections ?? 0),
    requests: sum(outcomes),
    hits,
    misses,
    errors: outcomes[ERROR]!,
    hitRate: hitRateOf({ hits, misses }),
    originQueries,
    evictions: counted.evictions,
    culls: counted.culls,
    entries: sharedCache ? null : (now?.entries ?? null),
    rssBytes: now?.rssBytes ?? 0,
    heapUsedBytes: now?.heapUsedBytes ?? 0,
    hitLatency: latencyOf(hitMicros),
    missLatency: latencyOf(missMicros),
  };
}

/** Whether this response had to ask the origin for what its cache did not know. */
export function loads(ledger: Ledger, row: number): boolean {
  const outcome = ledger.outcome[row]!;
  return ledger.operation[row] === READ && (isMiss(outcome) || outcome === ERROR);
}

function totalsOf(
  workers: readonly WorkerFigures[],
  { ledger, after, sharedCache }: SummaryOptions,
): Totals {
  const total = (of: (worker: WorkerFigures) => number) => sum(workers.map(of));
  const hits = total((worker) => worker.hits);
  const misses = {
    cold: total((worker) => worker.misses.cold),
    expired: total((worker) => worker.misses.expired),
    evicted: total((worker) => worker.misses.evicted),
  };
  const known = workers.every((worker) => worker.entries !== null);
  const uniqueEntries = distinctKeysHeld(after);
  const ownEntries = known ? total((worker) => worker.entries!) : null;
  const entries = sharedCache ? uniqueEntries : ownEntries;
  return {
    requests: requestsIn(ledger),
    failures: ledger.status.subarray(0, ledger.length).filter((s) => s < 200 || s > 299).length,
    hits,
    misses,
    errors: total((worker) => worker.errors),
    hitRate: hitRateOf({ hits, misses }),
    originQueries: total((worker) => worker.originQueries),
    entries,
    uniqueEntries,
    duplicationFactor: duplicationFactor(entries, uniqueEntries),
  };
}

/** Distinct keys that at least one worker holds; `null` when a worker could not say. */
function distinctKeysHeld(workers: readonly WorkerSnapshot[]): number | null {
  const keys = new Set<string>();
  for (const worker of workers) {
    if (worker.keys === null) return null;
    for (const key of worker.keys) keys.add(key);
  }
  return keys.size;
}

/** Σ_w entries held / distinct entries held: 1 (no overlap) … N; `null` when nothing is held. */
export function duplicationFactor(
  entries: number | null,
  uniqueEntries: number | null,
): number | null {
  return entries === null || !uniqueEntries ? null : entries / uniqueEntries;
}
