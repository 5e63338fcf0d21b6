/**
 * Puts what a worker's cache did into the order in which it did it: responses overtake each other,
 * the cache's own numbers do not.
 */
export class CacheOrder<Step> {
  /** Numbers that no response brought. */
  missing = 0;
  #next = 1;
  readonly #early = new Map<number, Step>();
  /** When it was seen that a number is missing; `null`: none is. */
  #gapSince: number | null = null;

  /** Gives back what can be done now, in order: nothing, or this and what waited for it. */
  add(sequence: number, step: Step, now: number): Step[] {
    if (sequence < this.#next) return [];
    this.#early.set(sequence, step);
    const due = this.#takeDue();
    if (this.#early.size === 0) this.#gapSince = null;
    else if (due.length > 0 || this.#gapSince === null) this.#gapSince = now;
    return due;
  }

  /**
   * Gives up numbers that cannot come any more, because whatever was on its way when they were
   * missed has been answered or lost.
   *
   * @param oldest when the oldest request that is still on its way was sent
   */
  giveUp(oldest: number): Step[] {
    if (this.#gapSince === null || oldest <= this.#gapSince) return [];
    const first = Math.min(...this.#early.keys());
    this.missing += first - this.#next;
    this.#next = first;
    const due = this.#takeDue();
    this.#gapSince = this.#early.size === 0 ? null : this.#gapSince;
    return due;
  }

  #takeDue(): Step[] {
    const due: Step[] = [];
    for (let step = this.#early.get(this.#next); step; step = this.#early.get(this.#next)) {
      due.push(step);
      this.#early.delete(this.#next);
      this.#next += 1;
    }
    return due;
  }
}
