import { type Ledger, OPERATIONS } from '../traffic/ledger.ts';

/** What a cache did to one key at one moment: what it was asked to do, or the store after a miss. */
const STEPS = [...OPERATIONS, 'store'] as const;
export type Step = (typeof STEPS)[number];

const STORE = OPERATIONS.length;

/**
 * One cache from the start of its process to the end: everything the ledgers tell of it, in the
 * order in which the cache itself did it, which is that of its own sequence numbers.
 */
export interface CacheLife {
  readonly slot: number;
  readonly pid: number;
  readonly length: number;
  /** Columns of equal length, in the cache's order. Phase and row find the response in its ledger. */
  readonly phase: Uint16Array;
  readonly row: Uint32Array;
  /** Index into the steps; read it with {@link stepAt}. */
  readonly step: Uint8Array;
  readonly sequence: Uint32Array;
  /** The worker's clock as its cache read it; where a clock was set back, the latest reading so far. */
  readonly seconds: Float64Array;
}

/** What the cache did at this place of its life. */
export function stepAt(life: CacheLife, index: number): Step {
  return STEPS[life.step[index]!]!;
}

/** The lives that an arm's phases tell of, by slot and, in one slot, in the order they began. */
export function cacheLives(ledgers: readonly Ledger[]): CacheLife[] {
  const columns = new Map<string, Columns>();
  ledgers.forEach((ledger, phase) => {
    for (let row = 0; row < ledger.length; row++) {
      if (ledger.sequence[row] === 0) continue;
      const id = `${ledger.slot[row]} ${ledger.pid[row]}`;
      let life = columns.get(id);
      if (!life) {
        life = new Columns(ledger.slot[row]!, ledger.pid[row]!);
        columns.set(id, life);
      }
      life.add(ledger, phase, row);
    }
  });
  const lives = [...columns.values()].map((life) => life.inOrder());
  return lives.sort((a, b) => a.slot - b.slot || (a.seconds[0] ?? 0) - (b.seconds[0] ?? 0));
}

/** A fault in a life's sequence numbers, for a person; `index` is the step at which it shows. */
export interface SequenceFault {
  readonly index: number;
  readonly message: string;
}

/** Numbers of a life that no response brought, or that two did: 1, 2, 3, … is what there should be. */
export function sequenceFaults(life: CacheLife): SequenceFault[] {
  const faults: SequenceFault[] = [];
  const who = `worker ${life.slot} (pid ${life.pid})`;
  let previous = 0;
  for (let index = 0; index < life.length; index++) {
    const sequence = life.sequence[index]!;
    if (sequence === previous) {
      faults.push({ index, message: `${who}: two responses claim its operation ${sequence}` });
    } else if (sequence > previous + 1) {
      const from = previous + 1;
      const which =
        from === sequence - 1
          ? `operation ${from} is`
          : `operations ${from} to ${sequence - 1} are`;
      faults.push({ index, message: `${who}: its ${which} in no response (one was lost)` });
    }
    previous = sequence;
  }
  return faults;
}

/** Collects the steps of one life as they stand in the ledgers. */
class Columns {
  readonly slot: number;
  readonly pid: number;
  readonly #phase: number[] = [];
  readonly #row: number[] = [];
  readonly #step: number[] = [];
  readonly #sequence: number[] = [];
  readonly #seconds: number[] = [];

  constructor(slot: number, pid: number) {
    this.slot = slot;
    this.pid = pid;
  }

  add(ledger: Ledger, phase: number, row: number): void {
    const step = ledger.operation[row]!;
    this.#push(phase, row, step, ledger.sequence[row]!, ledger.atSeconds[row]!);
    const stored = ledger.storedSequence[row]!;
    if (stored !== 0) this.#push(phase, row, STORE, stored, ledger.storedAtSeconds[row]!);
  }

  inOrder(): CacheLife {
    const length = this.#row.length;
    const order = new Uint32Array(length);
    for (let i = 0; i < length; i++) order[i] = i;
    order.sort((a, b) => this.#sequence[a]! - this.#sequence[b]!);
    const seconds = Float64Array.from(order, (i) => this.#seconds[i]!);
    for (let i = 1; i < length; i++) seconds[i] = Math.max(seconds[i]!, seconds[i - 1]!);
    return {
      slot: this.slot,
      pid: this.pid,
      length,
      phase: Uint16Array.from(order, (i) => this.#phase[i]!),
      row: Uint32Array.from(order, (i) => this.#row[i]!),
      step: Uint8Array.from(order, (i) => this.#step[i]!),
      sequence: Uint32Array.from(order, (i) => this.#sequence[i]!),
      seconds,
    };
  }

  #push(phase: number, row: number, step: number, sequence: number, seconds: number): void {
    this.#phase.push(phase);
    this.#row.push(row);
    this.#step.push(step);
    this.#sequence.push(sequence);
    this.#seconds.push(seconds);
  }
}
