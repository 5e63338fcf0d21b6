import type { Arm, Residency, RunRecord } from '../record/schema.ts';
import { phasesInTurn, requestsOf, sum } from '../record/tally.ts';

/**
 * What a cell can show: no entry; one that no other worker holds; one that another holds too; one
 * that is over its time or older than its row. In the order of the legend.
 */
export const CELL_STATES = ['alone', 'copy', 'spoilt', 'empty'] as const;
export type CellState = (typeof CELL_STATES)[number];

/** What a legend says of each. */
export const STATE_NAMES: Readonly<Record<CellState, string>> = {
  alone: 'held by this worker alone',
  copy: 'held by another worker too',
  spoilt: 'held, but expired or out of date',
  empty: 'not held',
};

/** Held, and spoilt, in a record's column of changes. */
export const SPOILT = 2;

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
  /** By slot and key: 1 where the entry is held and spoilt. */
  readonly #spoilt: Uint8Array;
  /** By key: how many workers hold it. */
  readonly #holders: Uint16Array;
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
    this.requests = requestsOf(arm);
    const cells = this.keys.length * this.slots.length;
    this.#arrivals = new Int32Array(cells).fill(-1);
    this.#spoilt = new Uint8Array(cells);
    this.#holders = new Uint16Array(this.keys.length);
  }

  /** Goes to the state after `position` requests; forwards is cheap, backwards starts again. */
  moveTo(position: number): void {
    if (position < this.#position) {
      this.#arrivals.fill(-1);
      this.#spoilt.fill(0);
      this.#holders.fill(0);
      this.#next = 0;
    }
    this.#position = position;
    for (; this.#next < this.#changes.length; this.#next++) {
      const change = this.#changes[this.#next]!;
      if (change.at > position) break;
      const cell = change.slotIndex * this.keys.length + change.key;
      this.#spoilt[cell] = change.held === SPOILT ? 1 : 0;
      const wasHeld = this.#arrivals[cell] !== -1;
      // An entry that is stored again while held keeps the request with which it came.
      if (wasHeld === change.held > 0) continue;
      this.#arrivals[cell] = wasHeld ? -1 : change.at;
      this.#holders[change.key]! += wasHeld ? -1 : 1;
    }
  }

  /** For each key: the request with which the entry came to this worker, or −1. */
  arrivals(slotIndex: number): Int32Array {
    return this.#arrivals.subarray(
      slotIndex * this.keys.length,
      (slotIndex + 1) * this.keys.length,
    );
  }

  /** For each key what its cell shows in the block of this worker. */
  cells(slotIndex: number): CellState[] {
    return this.keys.map((_, key) => {
      const cell = slotIndex * this.keys.length + key;
      if (this.#arrivals[cell] === -1) return 'empty';
      if (this.#spoilt[cell] === 1) return 'spoilt';
      return this.#holders[key]! > 1 ? 'copy' : 'alone';
    });
  }

  /** Entries held by all workers together, and how many different keys they are. */
  counts(): { entries: number; uniqueEntries: number } {
    const held = [...this.#holders];
    return { entries: sum(held), uniqueEntries: held.filter((holders) => holders > 0).length };
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
  /** As the record has it: 0, 1 or {@link SPOILT}. */
  readonly held: number;
}

function changesOf(arm: Arm, keyIndex: Map<string, number>, slots: readonly number[]): Change[] {
  const slotIndex = new Map(slots.map((slot, index) => [slot, index]));
  return phasesInTurn(arm).flatMap(({ phase: { residency }, start }) => {
    if (residency === null) return [];
    const { at, key, slot, held } = residency.changes;
    return at.flatMap((request, index) => {
      const followed = keyIndex.get(residency.keys[key[index]!]!);
      if (followed === undefined) return [];
      return {
        at: start + request,
        slotIndex: slotIndex.get(slot[index]!)!,
        key: followed,
        held: held[index]!,
      };
    });
  });
}
