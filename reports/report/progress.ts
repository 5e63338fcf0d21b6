import type { Arm, Phase } from '../record/schema.ts';
import { phasesInTurn, sum } from '../record/tally.ts';

/** Hits and lookups of all workers of an arm. */
export interface Progress {
  readonly hits: number;
  readonly lookups: number;
}

/**
 * What the workers of an arm had answered after `position` requests: from the trace, request by
 * request, or from whole bins where the run was too long for a trace.
 */
export function progressAt(arm: Arm, position: number): Progress {
  const parts = phasesInTurn(arm)
    .filter(({ start }) => start < position)
    .map(({ phase, start }) => {
      const upTo = Math.min(position - start, phase.totals.requests);
      return phase.trace ? tracedUpTo(phase.trace, upTo) : binnedUpTo(phase, upTo);
    });
  return {
    hits: sum(parts.map(({ hits }) => hits)),
    lookups: sum(parts.map(({ lookups }) => lookups)),
  };
}

function tracedUpTo(trace: NonNullable<Phase['trace']>, upTo: number): Progress {
  const outcomes = trace.outcome.slice(0, upTo);
  const count = (counts: (outcome: number) => boolean) => outcomes.filter(counts).length;
  // 0: hit; 1 to 3: cold, expired, evicted; beyond: no lookup that counts.
  return { hits: count((outcome) => outcome === 0), lookups: count((outcome) => outcome <= 3) };
}

function binnedUpTo({ bins, totals }: Phase, upTo: number): Progress {
  const complete = upTo >= totals.requests;
  const whole = complete ? Number.POSITIVE_INFINITY : Math.floor(upTo / bins.requestsPerBin);
  const counted = (column: 'hits' | 'cold' | 'expired' | 'evicted') =>
    sum(bins.workers.flatMap((worker) => worker[column].slice(0, whole)));
  const hits = counted('hits');
  return { hits, lookups: hits + counted('cold') + counted('expired') + counted('evicted') };
}
