/** A step of the clock beyond this may be a mistake; lines out of order, written when requests end, differ by less. */
const JUMP_SECONDS = 3600;
/** Requests that are all so much earlier than one before them have another clock. */
const BEHIND_SECONDS = 60;
/** After so many requests with the new time it is taken for right. */
const SETTLED = 100;

/** A step of the clock, and the line that has the time after it. */
export interface ClockStep {
  readonly line: number;
  readonly seconds: number;
}

/** Where a request stands. */
interface Place {
  /** In the trace, from 1. */
  readonly line: number;
  /** Among the requests that are handed on, from 0. */
  readonly index: number;
}

/** A step forward, or the very beginning, until later requests have shown whether it is right. */
interface Jump extends Place {
  /** The time before it; `null` at the beginning. */
  readonly from: number | null;
  readonly gapBefore: ClockStep;
  requests: number;
}

/**
 * Makes of the times in a trace the time since its first request, which never goes back. Clocks are wrong in
 * three ways, none of which may freeze the rest of the trace:
 * - lines out of order, by seconds: such a line counts as happening with the one before it;
 * - a few lines far in the future: when the time comes back they get the time of the line before them;
 * - a clock that is set back for good: the time goes on from where it was.
 */
export class TraceClock {
  /** Since the first request. */
  now = 0;
  /** Requests whose time is before that of one before them, and that happen with that one. */
  backwards = 0;
  largestStepBackSeconds = 0;
  /** Requests whose time was far in the future. */
  repaired = 0;
  firstRepairedLine = 0;
  readonly stepsBack: ClockStep[] = [];
  /** The longest time without a request. */
  largestGap: ClockStep = { line: 0, seconds: 0 };
  /** Sets the times of the requests from an index on. */
  readonly #repair: (fromIndex: number, seconds: number) => void;
  #first = Number.NaN;
  #jump: Jump | null = null;
  #behind = 0;

  constructor(repair: (fromIndex: number, seconds: number) => void) {
    this.#repair = repair;
  }

  /** The times of requests from this index on may still be repaired; `null`: none. */
  get unsettledFrom(): number | null {
    return this.#jump?.index ?? null;
  }

  /** The time of the next request; `recorded`: seconds of any epoch. See {@link Place}. */
  read(recorded: number, line: number, index: number): number {
    if (Number.isNaN(this.#first)) {
      this.#first = recorded;
      this.#jump = this.#jumpAt({ line, index }, null);
    } else if (this.#jump) {
      if (this.#isWrong(this.#jump, recorded - this.#first)) this.#takeBack(this.#jump, recorded);
      else if (++this.#jump.requests > SETTLED) this.#jump = null;
    }
    const seconds = recorded - this.#first;
    if (seconds < this.now) this.#goBack(this.now - seconds, recorded, line);
    else this.#goForward(seconds, line, index);
    return this.now;
  }

  #jumpAt(place: Place, from: number | null): Jump {
    return { ...place, from, gapBefore: this.largestGap, requests: 1 };
  }

  /** Whether a time is back where it was before the jump. */
  #isWrong({ from }: Jump, seconds: number): boolean {
    if (from === null) return seconds < -JUMP_SECONDS;
    return seconds < this.now - JUMP_SECONDS && Math.abs(seconds - from) < this.now - seconds;
  }

  #takeBack({ from, index, line, requests, gapBefore }: Jump, recorded: number): void {
    this.repaired += requests;
    this.firstRepairedLine ||= line;
    this.largestGap = gapBefore;
    if (from === null) this.#first = recorded;
    this.now = from ?? 0;
    this.#repair(index, this.now);
    this.#jump = null;
  }

  #goForward(seconds: number, line: number, index: number): void {
    const gap = seconds - this.now;
    this.#behind = 0;
    if (gap > JUMP_SECONDS && !(this.#jump && this.#jump.from !== null)) {
      this.#jump = this.#jumpAt({ line, index }, this.now);
    }
    if (gap > this.largestGap.seconds) this.largestGap = { line, seconds: gap };
    this.now = seconds;
  }

  #goBack(step: number, recorded: number, line: number): void {
    this.backwards++;
    this.largestStepBackSeconds = Math.max(this.largestStepBackSeconds, step);
    this.#behind = step > BEHIND_SECONDS ? this.#behind + 1 : 0;
    if (this.#behind < SETTLED) return;
    this.stepsBack.push({ line, seconds: step });
    this.#first = recorded - this.now;
    this.backwards -= this.#behind;
    this.#behind = 0;
  }
}
