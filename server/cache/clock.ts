import { setTimeout } from 'node:timers';

/** The time as a cache asks for it; moments and durations in seconds. */
export interface Clock {
  /** Is that moment now or past? */
  hasCome(moment: number): boolean;
  /** The moment so many seconds from now. */
  in(seconds: number): number;
}

/** A clock that a caller passed in. It may jump at any time, so it is read every time. */
export function givenClock(now: () => number): Clock {
  return { hasCome: (moment) => moment <= now(), in: (seconds) => now() + seconds };
}

/** What is within so many seconds of a reading is never settled by that reading. */
const MARGIN_SECONDS = 10;
/** How long a reading settles what is beyond the margin. */
const SURE_FOR_MILLIS = 1000;
/** How many stores may start from one reading when they come thick and fast, ... */
const STARTS_PER_READING = 16;
/** ... and for how long. */
const STARTS_FOR_MILLIS = 1;

/** To notice that a test has put another Date in place, which may jump. */
const systemNow = Date.now;

/**
 * The machine's clock. Reading it costs about as much as the rest of a cache hit, so:
 * - `hasCome`: a reading of the last second settles moments more than ten seconds after it. That
 *   is as exact as reading every time, unless the event loop stands still for nine seconds.
 * - `in`: when two readings in a row fell into one millisecond, up to 16 further calls share the
 *   second one, until a timer of 1 ms goes off. Only for ten seconds or more: so an entry may
 *   expire early, never late, by what the code between those calls took.
 */
export class MachineClock implements Clock {
  /** No moment after this one has come; Infinity when nothing is known. */
  #notBefore = Number.POSITIVE_INFINITY;
  #reading = 0;
  #startsLeft = 0;
  /** Is the timer that ends the sharing on its way? */
  #timed = false;

  hasCome(moment: number): boolean {
    if (moment > this.#notBefore && Date.now === systemNow) return false;
    const now = Date.now() / 1000;
    if (this.#notBefore === Number.POSITIVE_INFINITY && Date.now === systemNow) this.#settle(now);
    return moment <= now;
  }

  in(seconds: number): number {
    if (seconds < MARGIN_SECONDS || Date.now !== systemNow) return Date.now() / 1000 + seconds;
    if (this.#startsLeft > 0) this.#startsLeft -= 1;
    else this.#read();
    return this.#reading + seconds;
  }

  #settle(now: number): void {
    this.#notBefore = now + MARGIN_SECONDS;
    setTimeout(() => {
      this.#notBefore = Number.POSITIVE_INFINITY;
    }, SURE_FOR_MILLIS).unref();
  }

  #read(): void {
    const before = this.#reading;
    this.#reading = Date.now() / 1000;
    if (this.#reading !== before) return;
    this.#startsLeft = STARTS_PER_READING;
    if (this.#timed) return;
    this.#timed = true;
    setTimeout(() => {
      this.#timed = false;
      this.#startsLeft = 0;
    }, STARTS_FOR_MILLIS).unref();
  }
}

/** One for all caches of the process. */
export const machineClock: Clock = new MachineClock();
