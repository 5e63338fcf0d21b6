import type { Arm } from '../record/schema.ts';

/** Hits and lookups of one worker. */
export interface Progress {
  hits: number;
  lookups: number;
}

/**
 * What each worker of an arm had answered after `position` requests: from the trace, request by
 * request, or from whole bins where the run was too long for a trace.
 */
export function progressAt(arm: Arm, position: number): Map<number, Progress> {
  const bySlot = new Map<number, Progress>();
  const progress = (slot: number) => {
    let found = bySlot.get(slot);
    if (found === undefined) {
      found = { hits: 0, lookups: 0 };
      bySlot.set(slot, found);
    }
    return found;
  };
  let start = 0;
  for (const phase of arm.phases) {
    const upTo = Math.min(position - start, phase.totals.requests);
    if (upTo <= 0) break;
    if (phase.trace) countTrace(phase.trace, upTo, progress);
    else countBins(phase, upTo, progress);
    start += phase.totals.requests;
  }
  return bySlot;
}

/** All workers together. */
export function fleetProgress(bySlot: Map<number, Progress>): Progress {
  const fleet = { hits: 0, lookups: 0 };
  for (const { hits, lookups } of bySlot.values()) {
    fleet.hits += hits;
    fleet.lookups += lookups;
  }
  return fleet;
}

type Phase = Arm['phases'][number];

function countTrace(
  trace: NonNullable<Phase['trace']>,
  upTo: number,
  progress: (slot: number) => Progress,
): void {
  for (let index = 0; index < upTo && index < trace.slot.length; index++) {
    const outcome = trace.outcome[index]!;
    // 0: hit; 1 to 3: cold, expired, evicted; beyond: no lookup that counts.
    if (outcome > 3) continue;
    const worker = progress(trace.slot[index]!);
    worker.lookups++;
    if (outcome === 0) worker.hits++;
  }
}

function countBins(phase: Phase, upTo: number, progress: (slot: number) => Progress): void {
  const { requestsPerBin, workers } = phase.bins;
  const complete = upTo >= phase.totals.requests;
  for (const bins of workers) {
    const worker = progress(bins.slot);
    bins.hits.forEach((hits, bin) => {
      if (!complete && (bin + 1) * requestsPerBin > upTo) return;
      worker.hits += hits;
      worker.lookups += hits + bins.cold[bin]! + bins.expired[bin]! + bins.evicted[bin]!;
    });
  }
}
