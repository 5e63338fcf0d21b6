import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import type { Replacement } from './simulation-options.ts';

/** A worker from its start to its end, again and again. */
export class WorkerLife {
  /** How often it was replaced. */
  ends = 0;
  readonly #replacement: Replacement;
  readonly #random: RandomGenerator;
  #endsAt: number;
  #requestsLeft: number;

  constructor(replacement: Replacement, random: RandomGenerator) {
    this.#replacement = replacement;
    this.#random = random;
    this.#endsAt = replacement.everySeconds;
    this.#requestsLeft = this.#requestsOfALife();
  }

  /** Whether a request now is the first one of another life. */
  isReplaced(now: number): boolean {
    const { everySeconds } = this.#replacement;
    const isDeployed = now >= this.#endsAt;
    if (!isDeployed && this.#requestsLeft > 0) return false;
    if (isDeployed) this.#endsAt = (Math.floor(now / everySeconds) + 1) * everySeconds;
    this.#requestsLeft = this.#requestsOfALife();
    this.ends++;
    return true;
  }

  /** How far into these requests the worker lives, from a place that it reaches. Counts them. */
  serve(seconds: Float64Array, from: number, to: number): number {
    const most = Math.min(to, from + this.#requestsLeft);
    let end = from;
    if (seconds[most - 1]! < this.#endsAt) end = most;
    else while (end < most && seconds[end]! < this.#endsAt) end++;
    this.#requestsLeft -= end - from;
    return end;
  }

  #requestsOfALife(): number {
    const { maxRequests, jitter } = this.#replacement;
    return maxRequests + Math.floor(uniformFloat64(this.#random) * (jitter + 1));
  }
}
