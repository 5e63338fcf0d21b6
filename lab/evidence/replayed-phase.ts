import type { Replay, Residency } from '../../reports/record/schema.ts';
import type { Ledger } from '../traffic/ledger.ts';
import { ResidencyLog } from './residency-log.ts';

/** What the replay tells of one phase. */
export interface PhaseReplay {
  readonly replay: Replay;
  /** One per ledger row: 1 where another worker held the entry at the moment of the miss. */
  readonly avoidable: Uint8Array;
  /** Which worker held which key when; `null` where it would be more than a report can show. */
  readonly changes: Residency['changes'] | null;
}

/** What is found out about one phase. */
export class ReplayedPhase {
  readonly ledger: Ledger;
  readonly avoidable: Uint8Array;
  readonly avoidableBySlot = new Map<number, number>();
  readonly residency = new ResidencyLog();
  readonly faults: string[] = [];
  responses = 0;
  identical = 0;
  sharedMisses = 0;
  firstDifference: string | null = null;

  constructor(ledger: Ledger) {
    this.ledger = ledger;
    this.avoidable = new Uint8Array(ledger.length);
  }

  result(workers: number): PhaseReplay {
    const slots = Array.from({ length: workers }, (_, i) => i + 1);
    const missesOf = (slot: number) => this.avoidableBySlot.get(slot) ?? 0;
    return {
      replay: {
        responses: this.responses,
        identical: this.identical,
        firstDifference: this.faults[0] ?? this.firstDifference,
        avoidableMisses: this.avoidableBySlot.values().reduce((sum, misses) => sum + misses, 0),
        avoidableByWorker: slots.map((slot) => ({ slot, misses: missesOf(slot) })),
        sharedCacheMisses: this.sharedMisses,
      },
      avoidable: this.avoidable,
      changes: this.residency.columns(),
    };
  }
}
