import type { Residency } from '../../reports/record/schema.ts';

/** More changes than this make no picture that a person could follow, and a heavy report. */
export const MOST_CHANGES = 20_000;

/** Writes down which worker held which key when, as the columns of a record. */
export class ResidencyLog {
  readonly #columns = {
    at: [] as number[],
    slot: [] as number[],
    key: [] as number[],
    held: [] as number[],
  };
  #at = 0;

  /** Changes from here on happen after that many requests. It never goes back. */
  moveTo(requests: number): void {
    this.#at = Math.max(this.#at, requests);
  }

  change(slot: number, key: number, held: Residency['changes']['held'][number]): void {
    if (this.#columns.at.length > MOST_CHANGES) return;
    this.#columns.at.push(this.#at);
    this.#columns.slot.push(slot);
    this.#columns.key.push(key);
    this.#columns.held.push(held);
  }

  /** `null` when there were more than {@link MOST_CHANGES}. */
  columns(): Residency['changes'] | null {
    return this.#columns.at.length > MOST_CHANGES ? null : this.#columns;
  }
}
