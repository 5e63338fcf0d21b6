import type { FleetEvent } from '../../reports/record/schema.ts';
import { BACKENDS } from '../../reports/record/vocabulary.ts';
import type { ArmPlan } from '../../scenarios/kit/contract.ts';
import { pageName } from '../../scenarios/kit/protocol.ts';
import type { ClearReply, WorkerSnapshot } from '../../server/protocol.ts';
import { ArmReplay, type ReplayState } from '../evidence/replay.ts';
import type { PhaseSighting, SeenByClients } from '../run/live-phase.ts';
import { clearRow, Ledger } from '../traffic/ledger.ts';
import type { Streamed } from './stream.ts';
import { added, NO_SUMS, type Sums, sumsOf } from './sums.ts';

/** A fleet from its start to its end, and what was seen of it, stretch by stretch. */
export interface RecordedArm {
  readonly plan: ArmPlan;
  readonly startMillis: number;
  /** Those of one name are one stretch, cut into pieces. */
  readonly stretches: readonly PhaseSighting[];
  /** What was seen before, of which there are only sums. */
  readonly earlier: Sums | null;
  /** Where the replay of the stretches begins; `null`: with empty caches. */
  readonly replay: ReplayState | null;
}

/** Responses that are kept one by one; of those before, sums. A workshop lasts a day. */
const MOST_ROWS = 1_000_000;
/** A stretch is cut after so many responses, since whole pieces are summed up. */
export const PIECE_ROWS = 50_000;

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

/** An arm while the view goes on. */
interface Arm {
  readonly plan: ArmPlan;
  readonly startMillis: number;
  stretches: PhaseSighting[];
  earlier: Sums | null;
  replay: ArmReplay | null;
}

/** Writes down what happens, so that it can be saved as the record of a run. */
export class Recording {
  readonly #arms: Arm[] = [];
  readonly #mostRows: number;
  #stretch: Stretch | null = null;

  constructor(mostRows = MOST_ROWS) {
    this.#mostRows = mostRows;
  }

  /** What is over so far. The ledgers are not copied; they are written no more. */
  arms(): RecordedArm[] {
    return this.#arms.map(({ replay, stretches, ...arm }) => ({
      ...arm,
      stretches: [...stretches],
      replay: replay?.state() ?? null,
    }));
  }

  beginArm(plan: ArmPlan, startMillis: number): void {
    this.#arms.push({ plan, startMillis, stretches: [], earlier: null, replay: null });
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
    this.#arms.at(-1)!.stretches.push({ name, live: stretch, durationMillis, before, after });
    this.#sumUpOldest();
  }

  /** Responses of the present stretch. */
  get rows(): number {
    return this.#stretch?.ledger.length ?? 0;
  }

  /** The number of the next request of this stretch. */
  nextRequest(): number {
    const stretch = this.#stretch!;
    stretch.sent += 1;
    return stretch.sent - 1;
  }

  respond(response: Streamed, now: number): void {
    const stretch = this.#stretch;
    // Where the fleet is gone, so is the stretch: what breaks off late belongs to none.
    stretch?.ledger.append({ ...response, arrivedMillis: now - stretch.started });
  }

  /** A clear came over a control socket: no client asked, but the replay has to know where it stands. */
  cleared(reply: ClearReply, now: number): void {
    const { ledger, sent, started } = this.#stretch!;
    ledger.append(clearRow(reply, { request: sent, arrivedMillis: now - started }));
  }

  event(label: string, slot?: number): void {
    const stretch = this.#stretch;
    if (!stretch) return;
    const { ledger, started } = stretch;
    const atMillis = performance.now() - started;
    stretch.events.push({ atRequest: ledger.length, atMillis, slot: slot ?? null, label });
  }

  /** A worker takes the requests with it that it was at. */
  killed(): void {
    if (this.#stretch) this.#stretch.killed = true;
  }

  #sumUpOldest(): void {
    const rowsOf = ({ live }: PhaseSighting) => live.ledger.length;
    let rows = this.#arms.flatMap(({ stretches }) => stretches.map(rowsOf)).reduce(plus, 0);
    while (rows > this.#mostRows) {
      const arm = this.#arms.find(({ stretches }) => stretches.length > 0)!;
      const oldest = arm.stretches.shift()!;
      rows -= rowsOf(oldest);
      arm.earlier = added(arm.earlier ?? NO_SUMS, sumsOf(oldest, this.#replayed(arm, oldest)));
    }
  }

  #replayed(arm: Arm, { live }: PhaseSighting) {
    const { plan } = arm;
    if (BACKENDS[plan.backend].caches !== 'each') return null;
    arm.replay ??= new ArmReplay({ cache: plan, workers: plan.workers, keyName: pageName });
    return arm.replay.add([live.ledger])[0]!.replay;
  }
}

const plus = (a: number, b: number) => a + b;

/** Pieces of one stretch as the stretch that they were cut from. */
export function joined(pieces: readonly PhaseSighting[]): PhaseSighting[] {
  const stretches = Map.groupBy(pieces, ({ name }) => name);
  return [...stretches.values()].map((parts) => (parts.length === 1 ? parts[0]! : join(parts)));
}

function join(parts: readonly PhaseSighting[]): PhaseSighting {
  const [first, last] = [parts[0]!, parts.at(-1)!];
  const whole = { ...first.live, ledger: new Ledger(), events: [] as FleetEvent[], sent: 0 };
  let millis = 0;
  for (const { live, durationMillis } of parts) {
    const before = whole.ledger.length;
    for (const event of live.events) {
      const { atRequest, atMillis } = event;
      whole.events.push({ ...event, atRequest: atRequest + before, atMillis: atMillis + millis });
    }
    for (let index = 0; index < live.ledger.length; index++) {
      const row = live.ledger.row(index);
      const [request, arrivedMillis] = [row.request + whole.sent, row.arrivedMillis + millis];
      whole.ledger.append({ ...row, request, arrivedMillis });
    }
    whole.sent += live.sent;
    whole.killed ||= live.killed;
    millis += durationMillis;
  }
  return { ...first, live: whole, after: last.after, durationMillis: millis };
}
