import type { Replay } from '../../reports/record/schema.ts';
import { ERROR, HIT, isMiss } from '../../scenarios/theory/outcomes.ts';
import { auditPhase } from '../evidence/audit.ts';
import { loads } from '../evidence/summary.ts';
import type { PhaseSighting } from '../run/live-phase.ts';
import { isRequest } from '../traffic/ledger.ts';

/** What is known of responses that are not kept one by one. */
export interface Sums {
  readonly responses: number;
  readonly hits: number;
  readonly misses: number;
  readonly errors: number;
  readonly originQueries: number;
  /** Pieces of about {@link PIECE_ROWS} responses, and how many of them had a clean audit. */
  readonly pieces: number;
  readonly clean: number;
  /** Lookups replayed by the exact model, and how many of them it had alike. */
  readonly replayed: number;
  readonly alike: number;
  /** Misses of one cache for all, where that was replayed. */
  readonly oneCacheMisses: number;
}

export const NO_SUMS: Sums = {
  ...{ responses: 0, hits: 0, misses: 0, errors: 0, originQueries: 0 },
  ...{ pieces: 0, clean: 0, replayed: 0, alike: 0, oneCacheMisses: 0 },
};

/** A piece, counted, audited, and with what its replay told. */
export function sumsOf({ live, before, after }: PhaseSighting, replay: Replay | null): Sums {
  const { ledger, sent, killed } = live;
  const counted = { responses: 0, hits: 0, misses: 0, errors: 0, originQueries: 0 };
  for (let row = 0; row < ledger.length; row++) {
    if (!isRequest(ledger.operation[row]!)) continue;
    const outcome = ledger.outcome[row]!;
    counted.responses += 1;
    if (outcome === HIT) counted.hits += 1;
    else if (isMiss(outcome)) counted.misses += 1;
    else if (outcome === ERROR) counted.errors += 1;
    if (loads(ledger, row)) counted.originQueries += 1;
  }
  const audit = auditPhase({ ledger, before, after, sent: killed ? null : sent });
  return {
    ...counted,
    pieces: 1,
    clean: audit.clean ? 1 : 0,
    replayed: replay?.responses ?? 0,
    alike: replay?.identical ?? 0,
    oneCacheMisses: replay?.sharedCacheMisses ?? 0,
  };
}

export function added(a: Sums, b: Sums): Sums {
  const names = Object.keys(a) as (keyof Sums)[];
  return Object.fromEntries(names.map((name) => [name, a[name] + b[name]])) as unknown as Sums;
}
