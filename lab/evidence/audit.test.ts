import { describe, expect, it } from 'vitest';
import { Ledger, type LedgerRow } from '../traffic/ledger.ts';
import { auditPhase } from './audit.ts';
import { RecordedFleet, type RecordedPhase } from './fixtures/recorded-fleet.ts';

const LIMITS = { maxEntries: 30, timeoutSeconds: 10, cullFrequency: 3 };
const REQUESTS = 1000;

function fleet(): RecordedFleet {
  return new RecordedFleet({ workers: 3, keys: 100, limits: LIMITS, seed: 5 });
}

/** The phase as it would look if one response had come otherwise, or not at all. */
function altered(
  phase: RecordedPhase,
  change: (row: LedgerRow) => LedgerRow | null,
  which = (row: LedgerRow) => row.request === 500,
): RecordedPhase {
  const ledger = new Ledger();
  for (let i = 0; i < phase.ledger.length; i++) {
    const row = phase.ledger.row(i);
    const written = which(row) ? change(row) : row;
    if (written) ledger.append(written);
  }
  return { ...phase, ledger };
}

function failures(phase: RecordedPhase): string[] {
  const { checks, clean } = auditPhase({ ...phase, sent: REQUESTS });
  const failed = checks.filter(({ holds }) => !holds);
  expect(clean).toBe(failed.length === 0);
  return [...new Set(failed.map(({ name }) => name))];
}

describe('the audit', () => {
  it('is clean when clients and workers saw the same, phase after phase', () => {
    const workers = fleet();
    expect(failures(workers.phase(REQUESTS))).toEqual([]);
    expect(failures(workers.phase(REQUESTS, 0.1))).toEqual([]);
  });

  it('has six checks for each worker and one for what was sent', () => {
    const { checks } = auditPhase({ ...fleet().phase(REQUESTS), sent: REQUESTS });
    expect(checks).toHaveLength(3 * 6 + 1);
    expect(checks.filter(({ name }) => name === 'hits').map(({ slot }) => slot)).toEqual([1, 2, 3]);
  });

  it('catches a response that was lost', () => {
    const found = failures(altered(fleet().phase(REQUESTS), () => null));
    expect(found).toContain('requests');
    expect(found).toContain('responses to what was sent');
    expect(found).toContain('cache operations without a gap');
  });

  it('catches a response that was counted twice', () => {
    const phase = fleet().phase(REQUESTS);
    phase.ledger.append(phase.ledger.row(10));
    expect(failures(phase)).toContain('cache operations without a gap');
  });

  it('catches a hit that was really a miss, and a miss that was a hit', () => {
    const phase = fleet().phase(REQUESTS);
    const firstHit = indexOf(phase, (row) => row.outcome === 'hit');
    const asMiss = altered(
      phase,
      (row) => ({ ...row, outcome: 'cold' }),
      (row) => row.request === firstHit,
    );
    expect(failures(asMiss)).toEqual(['hits', 'misses', 'origin queries']);
    const firstMiss = indexOf(phase, (row) => row.outcome === 'cold');
    const asHit = altered(
      phase,
      (row) => ({ ...row, outcome: 'hit' }),
      (row) => row.request === firstMiss,
    );
    expect(failures(asHit)).toEqual(['hits', 'misses', 'origin queries']);
  });

  it('catches a response that is put down to another worker', () => {
    const phase = altered(fleet().phase(REQUESTS), (row) => ({ ...row, slot: (row.slot % 3) + 1 }));
    expect(failures(phase)).toContain('requests');
  });

  it('catches a store that no response tells of', () => {
    const phase = fleet().phase(REQUESTS);
    const stored = indexOf(phase, (row) => row.storedSequence > 0);
    const hidden = altered(
      phase,
      (row) => ({ ...row, storedSequence: 0 }),
      (row) => row.request === stored,
    );
    expect(failures(hidden)).toEqual(['cache operations without a gap']);
  });

  it('goes by what is left when a worker was replaced', () => {
    const workers = fleet();
    workers.phase(REQUESTS);
    const first = workers.phase(500);
    workers.restart(2);
    const second = workers.phase(500);
    const ledger = new Ledger();
    for (const { ledger: part } of [first, second]) {
      for (let i = 0; i < part.length; i++) ledger.append(part.row(i));
    }
    expect(failures({ ledger, before: first.before, after: second.after })).toEqual([]);
  });
});

function indexOf(phase: RecordedPhase, found: (row: LedgerRow) => boolean): number {
  for (let i = 0; i < phase.ledger.length; i++) if (found(phase.ledger.row(i))) return i;
  throw new Error('no such row');
}
