import type { FleetEvent } from '../../reports/record/schema.ts';
import type { ArmPlan } from '../../scenarios/kit/contract.ts';
import type { ClearReply, WorkerSnapshot } from '../../server/protocol.ts';
import type { PhaseSighting, SeenByClients } from '../run/live-phase.ts';
import { clearRow, Ledger } from '../traffic/ledger.ts';
import type { Streamed } from './stream.ts';

/** A fleet from its start to its end, and what was seen of it, stretch by stretch. */
export interface RecordedArm {
  readonly plan: ArmPlan;
  readonly startMillis: number;
  readonly stretches: PhaseSighting[];
}

/** A stretch between two readings of the workers' counters, while it is being recorded. */
class Stretch implements SeenByClients {
  readonly ledger = new Ledger();
  readonly events: FleetEvent[] = [];
  sent = 0;
  // A presenter asks by hand and changes things on the way: theory has nothing to say of that.
  readonly fitsTheory = false;
  readonly protocol = false;
  readonly keptRate = null;
  killed = false;
  readonly name: string;
  readonly before: readonly WorkerSnapshot[];
  readonly started = performance.now();

  constructor(name: string, before: readonly WorkerSnapshot[]) {
    this.name = name;
    this.before = before;
  }
}

/** Writes down what happens, so that it can be saved as the record of a run. */
export class Recording {
  readonly arms: RecordedArm[] = [];
  #stretch: Stretch | null = null;

  beginArm(plan: ArmPlan, startMillis: number): void {
    this.arms.push({ plan, startMillis, stretches: [] });
  }

  /** From now on; nothing may be on its way. */
  beginStretch(name: string, before: readonly WorkerSnapshot[]): void {
    this.#stretch = new Stretch(name, before);
  }

  /** @param after the workers' counters now, when nothing is on its way; empty: the fleet is gone */
  endStretch(after: readonly WorkerSnapshot[]): void {
    const stretch = this.#stretch;
    this.#stretch = null;
    if (!stretch || (stretch.ledger.length === 0 && stretch.events.length === 0)) return;
    const { name, before, started } = stretch;
    const durationMillis = performance.now() - started;
    this.arms.at(-1)!.stretches.push({ name, live: stretch, durationMillis, before, after });
  }

  /** The number of the next request of this stretch. */
  nextRequest(): number {
    const stretch = this.#stretch!;
    stretch.sent += 1;
    return stretch.sent - 1;
  }

  respond(response: Streamed, now: number): void {
    const stretch = this.#stretch!;
    stretch.ledger.append({ ...response, arrivedMillis: now - stretch.started });
  }

  cleared(reply: ClearReply, now: number): void {
    const { ledger, sent, started } = this.#stretch!;
    ledger.append(clearRow(reply, { request: sent, arrivedMillis: now - started }));
  }

  event(label: string, slot?: number): void {
    const stretch = this.#stretch;
    const { length } = stretch?.ledger ?? { length: 0 };
    const atMillis = performance.now() - (stretch?.started ?? 0);
    stretch?.events.push({ atRequest: length, atMillis, slot: slot ?? null, label });
  }

  /** A worker takes the requests with it that it was at. */
  killed(): void {
    if (this.#stretch) this.#stretch.killed = true;
  }
}
