import type { Bins, Totals, Trace, WorkerFigures } from '../../reports/record/schema.ts';
import { hitRateOf, sum } from '../../reports/record/tally.ts';
import { COLD, ERROR, EXPIRED, HIT, isMiss } from '../../scenarios/theory/outcomes.ts';
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
  const tallies = tallyBySlot(ledger, [...before, ...after]);
  const workers = [...tallies.values()].map((tally) => workerFigures(tally, options));
  return {
    workers,
    totals: totalsOf(workers, options),
    bins: binsOf(ledger),
    trace: traceOf(options),
  };
}

/** What the ledger says of one slot. */
interface Tally {
  readonly slot: number;
  /** The process that answered last. */
  pid: number;
  requests: number;
  hits: number;
  readonly misses: { cold: number; expired: number; evicted: number };
  errors: number;
  readonly hitMicros: number[];
  readonly missMicros: number[];
}

function tallyBySlot(ledger: Ledger, snapshots: readonly WorkerSnapshot[]): Map<number, Tally> {
  const workers = [...snapshots, ...slotsOf(ledger)].sort((a, b) => a.slot - b.slot);
  const tallies = new Map(workers.map(({ slot, pid }) => [slot, emptyTally(slot, pid)]));
  for (let row = 0; row < ledger.length; row++) {
    const tally = tallies.get(ledger.slot[row]!);
    if (!tally || !isRequest(ledger.operation[row]!)) continue;
    tally.pid = ledger.pid[row]!;
    tally.requests++;
    const outcome = ledger.outcome[row]!;
    if (outcome === ERROR) tally.errors++;
    if (outcome === HIT) {
      tally.hits++;
      tally.hitMicros.push(ledger.latencyMicros[row]!);
    } else if (isMiss(outcome)) {
      if (outcome === COLD) tally.misses.cold++;
      else if (outcome === EXPIRED) tally.misses.expired++;
      else tally.misses.evicted++;
      tally.missMicros.push(ledger.latencyMicros[row]!);
    }
  }
  return tallies;
}

/** Slot 0 is no worker: something between answered in its place. */
function slotsOf(ledger: Ledger): { slot: number; pid: number }[] {
  const pids = new Map<number, number>();
  for (let row = 0; row < ledger.length; row++) pids.set(ledger.slot[row]!, ledger.pid[row]!);
  pids.delete(0);
  return [...pids].map(([slot, pid]) => ({ slot, pid }));
}

function emptyTally(slot: number, pid: number): Tally {
  return {
    slot,
    pid,
    requests: 0,
    hits: 0,
    misses: { cold: 0, expired: 0, evicted: 0 },
    errors: 0,
    hitMicros: [],
    missMicros: [],
  };
}

function workerFigures(tally: Tally, evidence: SummaryOptions): WorkerFigures {
  const { slot, requests, hits, misses, errors } = tally;
  const now = evidence.after.find((worker) => worker.slot === slot);
  const counted = countedBySlot(slot, evidence);
  return {
    slot,
    pid: now?.pid ?? tally.pid,
    connections: counted.connections,
    requests,
    hits,
    misses,
    errors,
    hitRate: hitRateOf(tally),
    originQueries: counted.originQueries,
    evictions: counted.stats.evictions,
    culls: counted.stats.culls,
    entries: evidence.sharedCache ? null : (now?.entries ?? null),
    rssBytes: now?.rssBytes ?? 0,
    heapUsedBytes: now?.heapUsedBytes ?? 0,
    hitLatency: latencyOf(tally.hitMicros),
    missLatency: latencyOf(tally.missMicros),
  };
}

/**
 * What a slot's processes counted in the phase. A process that is gone took its counters with it:
 * its origin queries are then those that its responses tell of, its evictions are not known.
 */
function countedBySlot(slot: number, { ledger, before, after }: PhaseEvidence) {
  const now = after.find((worker) => worker.slot === slot);
  const then = before.find((worker) => worker.pid === now?.pid && worker.slot === slot);
  let originQueries = (now?.originQueries ?? 0) - (then?.originQueries ?? 0);
  for (let row = 0; row < ledger.length; row++) {
    if (ledger.slot[row] === slot && ledger.pid[row] !== now?.pid && loads(ledger, row)) {
      originQueries++;
    }
  }
  const stats = new CacheStats(now?.stats ?? {}).minus(new CacheStats(then?.stats ?? {}));
  return { stats, originQueries, connections: (now?.connections ?? 0) - (then?.connections ?? 0) };
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
