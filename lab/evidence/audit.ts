import type { Audit, AuditCheck } from '../../reports/record/schema.ts';
import { ERROR, HIT, isMiss } from '../../scenarios/theory/outcomes.ts';
import { CacheStats } from '../../server/cache/stats.ts';
import type { WorkerSnapshot } from '../../server/protocol.ts';
import { isRequest, type Ledger, requestsIn } from '../traffic/ledger.ts';
import { loads, type PhaseEvidence } from './summary.ts';

/** What is known of a phase, and how much was sent. */
export interface AuditOptions extends PhaseEvidence {
  /** How many requests were sent; `null` where a worker was killed on purpose and took some with it. */
  readonly sent: number | null;
}

/**
 * Does what the clients saw equal what the workers counted? Every worker is held against its own
 * counters. A process that did not live through the whole phase is left out, because it took its
 * counters with it; its responses still count among those sent.
 */
export function auditPhase(options: AuditOptions): Audit {
  const { ledger, before, after, sent } = options;
  const checks = after.flatMap((worker) => {
    const then = before.find((one) => one.slot === worker.slot && one.pid === worker.pid);
    return workerChecks(seenOf(ledger, worker), worker, then);
  });
  if (sent !== null) {
    checks.push(check('responses to what was sent', null, requestsIn(ledger), sent));
  }
  return { clean: checks.every(({ holds }) => holds), checks };
}

/** What the clients saw of one process. */
interface Seen {
  requests: number;
  hits: number;
  misses: number;
  errors: number;
  loads: number;
  sequences: number[];
}

function seenOf(ledger: Ledger, { slot, pid }: WorkerSnapshot): Seen {
  const seen: Seen = { requests: 0, hits: 0, misses: 0, errors: 0, loads: 0, sequences: [] };
  for (let row = 0; row < ledger.length; row++) {
    if (ledger.pid[row] !== pid || ledger.slot[row] !== slot) continue;
    const outcome = ledger.outcome[row]!;
    if (isRequest(ledger.operation[row]!)) seen.requests++;
    if (outcome === HIT) seen.hits++;
    else if (isMiss(outcome)) seen.misses++;
    else if (outcome === ERROR) seen.errors++;
    if (loads(ledger, row)) seen.loads++;
    if (ledger.sequence[row] !== 0) seen.sequences.push(ledger.sequence[row]!);
    if (ledger.storedSequence[row] !== 0) seen.sequences.push(ledger.storedSequence[row]!);
  }
  return seen;
}

function workerChecks(
  seen: Seen,
  now: WorkerSnapshot,
  then: WorkerSnapshot | undefined,
): AuditCheck[] {
  const { slot } = now;
  const counted = new CacheStats(now.stats).minus(new CacheStats(then?.stats ?? {}));
  return [
    check('requests', slot, seen.requests, now.requests - (then?.requests ?? 0)),
    check('hits', slot, seen.hits, counted.hits),
    check('misses', slot, seen.misses, counted.misses),
    check('backend errors', slot, seen.errors, counted.errors),
    check('origin queries', slot, seen.loads, now.originQueries - (then?.originQueries ?? 0)),
    sequenceCheck(seen.sequences, slot, then === undefined || then.requests === 0),
  ];
}

/** A cache numbers its operations 1, 2, 3, …: of n numbers from the first, none may be missing. */
function sequenceCheck(sequences: number[], slot: number, isFirst: boolean): AuditCheck {
  let first = isFirst ? 1 : Infinity;
  let last = 0;
  for (const sequence of sequences) {
    first = Math.min(first, sequence);
    last = Math.max(last, sequence);
  }
  const expected = sequences.length === 0 ? 0 : last - first + 1;
  const distinct = new Set(sequences).size;
  const once = distinct === sequences.length;
  const found = check('cache operations without a gap', slot, distinct, expected);
  return { ...found, holds: found.holds && once, seen: once ? distinct : sequences.length };
}

function check(name: string, slot: number | null, seen: number, counted: number): AuditCheck {
  return { name, slot, seen, counted, holds: seen === counted };
}
