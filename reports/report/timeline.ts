import type { Arm, Residency, RunRecord } from '../record/schema.ts';

/**
 * What the workers of an arm hold after any number of requests. The phases follow each other on
 * one axis of requests. Used in Node for the final picture and in the page for the scrubber.
 */
export class ResidencyTimeline {
  readonly keys: readonly string[];
  readonly slots: readonly number[];
  /** Requests of all phases together: the last position. */
  readonly requests: number;
  readonly #changes: Change[];
  /** By slot and key: the request with which the entry came, or −1. */
  readonly #arrivals: Int32Array;
  #next = 0;
  #position = 0;

  /** After how many requests it stands. */
  get position(): number {
    return this.#position;
  }

  /** `keys`: those to follow, in the order of their cells (see {@link picturedKeys}). */
  constructor(arm: Arm, keys: readonly string[]) {
    const phases = arm.phases.filter((phase) => phase.residency !== null);
    const keyIndex = new Map(keys.map((key, index) => [key, index]));
    this.keys = keys;
    this.slots = [...new Set(phases.flatMap((phase) => phase.residency!.slots))].sort(
      (a, b) => a - b,
    );
    this.#changes = changesOf(arm, keyIndex, this.slots);
    this.requests = arm.phases.reduce((sum, phase) => sum + phase.totals.requests, 0);
    this.#arrivals = new Int32Array(this.keys.length * this.slots.length).fill(-1);
  }

  /** Goes to the state after `position` requests; forwards is cheap, backwards starts again. */
  moveTo(position: number): void {
    if (position < this.#position) {
      this.#arrivals.fill(-1);
      this.#next = 0;
    }
    this.#position = position;
    for (; this.#next < this.#changes.length; this.#next++) {
      const change = this.#changes[this.#next]!;
      if (change.at > position) break;
      const cell = change.slotIndex * this.keys.length + change.key;
      // An entry that is stored again while held keeps the request with which it came.
      if (!change.held) this.#arrivals[cell] = -1;
      else if (this.#arrivals[cell] === -1) this.#arrivals[cell] = change.at;
    }
  }

  /** For each key: the request with which the entry came to this worker, or −1. */
  arrivals(slotIndex: number): Int32Array {
    return this.#arrivals.subarray(
      slotIndex * this.keys.length,
      (slotIndex + 1) * this.keys.length,
    );
  }

  /** Entries held by all workers together, and how many different keys they are. */
  counts(): { entries: number; uniqueEntries: number; bySlot: number[] } {
    const bySlot = this.slots.map((_, index) =>
      this.arrivals(index).reduce((sum, came) => sum + (came >= 0 ? 1 : 0), 0),
    );
    let uniqueEntries = 0;
    for (let key = 0; key < this.keys.length; key++) {
      if (this.slots.some((_, index) => this.arrivals(index)[key]! >= 0)) uniqueEntries++;
    }
    return { entries: bySlot.reduce((sum, held) => sum + held, 0), uniqueEntries, bySlot };
  }
}

/**
 * The keys that have a cell in the picture, the same for all arms: every key of the workload, or,
 * where most of them were never held by anybody, those that were. Empty when none was.
 */
export function picturedKeys(record: RunRecord): string[] {
  const residencies = record.arms.flatMap((arm) =>
    arm.phases.map((phase) => phase.residency).filter((residency) => residency !== null),
  );
  const all = new Set(residencies.flatMap((residency) => residency.keys));
  const held = new Set(residencies.flatMap(keysEverHeld));
  return held.size < all.size / 2 ? [...all].filter((key) => held.has(key)) : [...all];
}

function keysEverHeld({ keys, changes, final }: Residency): string[] {
  return [...changes.key, ...final.flatMap((worker) => worker.keys)].map((key) => keys[key]!);
}

interface Change {
  readonly at: number;
  readonly slotIndex: number;
  readonly key: number;
  readonly held: boolean;
}

function changesOf(arm: Arm, keyIndex: Map<string, number>, slots: readonly number[]): Change[] {
  const slotIndex = new Map(slots.map((slot, index) => [slot, index]));
  const changes: Change[] = [];
  let start = 0;
  for (const phase of arm.phases) {
    const columns = phase.residency?.changes;
    columns?.at.forEach((at, index) => {
      const key = keyIndex.get(phase.residency!.keys[columns.key[index]!]!);
      if (key === undefined) return;
      changes.push({
        at: start + at,
        slotIndex: slotIndex.get(columns.slot[index]!)!,
        key,
        held: columns.held[index] === 1,
      });
    });
    start += phase.totals.requests;
  }
  return changes;
}
