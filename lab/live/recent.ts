import type { Second, Totals } from '../../reports/live/protocol.ts';

/** What one response adds. */
export interface Tally {
  readonly slot: number;
  /** `null`: it looked nothing up. */
  readonly hit: boolean | null;
  /** Whether the one imagined cache had it; `null` as above. */
  readonly oneHit: boolean | null;
  /** Whether the database was asked. */
  readonly asked: boolean;
}

/** Figures of the last ten seconds move on in steps of this. */
const STEP_MILLIS = 250;
const STEPS_PER_SECOND = 1_000 / STEP_MILLIS;
const RECENT_STEPS = 10 * STEPS_PER_SECOND;
const HISTORY_SECONDS = 60;

/** Counts of one step of time. */
class Step {
  responses = 0;
  lookups = 0;
  hits = 0;
  oneHits = 0;
  asked = 0;
  oneAsked = 0;
  /** By slot. */
  readonly slotLookups: number[] = [];
  readonly slotHits: number[] = [];

  add({ slot, hit, oneHit, asked }: Tally): void {
    this.responses += 1;
    if (asked) this.asked += 1;
    if (hit === null) return;
    this.lookups += 1;
    this.slotLookups[slot] = (this.slotLookups[slot] ?? 0) + 1;
    if (hit) {
      this.hits += 1;
      this.slotHits[slot] = (this.slotHits[slot] ?? 0) + 1;
    }
    if (oneHit) this.oneHits += 1;
    else this.oneAsked += 1;
  }
}

/** The figures of the last ten seconds, and one after the other the seconds of the last minute. */
export class Recent {
  /** The last sixty seconds, oldest first. */
  readonly history: Second[] = [];
  readonly #started: number;
  #steps: Step[] = [new Step()];
  /** Steps since the start, the present one included. */
  #count = 1;
  /** When the present fleet began to answer: no figure of it reaches further back. */
  #since: number;
  #ofSecond: Step[] = [this.#steps[0]!];
  #workers = 0;
  #events: string[] = [];

  /** @param now any clock, in milliseconds; the same for all calls */
  constructor(now: number) {
    this.#started = now;
    this.#since = now;
  }

  /** Another fleet: what the one before did is history. */
  begin(workers: number, now: number): void {
    this.#workers = workers;
    this.#since = now;
    this.#steps = [this.#steps.at(-1)!];
    Object.assign(this.#steps[0]!, new Step());
  }

  add(tally: Tally): void {
    this.#steps.at(-1)!.add(tally);
  }

  event(label: string): void {
    this.#events.push(label);
  }

  /** Seconds that are over since it was asked last. */
  tick(now: number): Second[] {
    const over: Second[] = [];
    while (now >= this.#started + this.#count * STEP_MILLIS) {
      if (this.#count % STEPS_PER_SECOND === 0) over.push(this.#endSecond());
      this.#count += 1;
      const step = new Step();
      this.#steps.push(step);
      this.#ofSecond.push(step);
      if (this.#steps.length > RECENT_STEPS) this.#steps.shift();
    }
    return over;
  }

  /** Responses in the present second, or in the one before if those were more. */
  get perSecond(): number {
    const responses = (step: Step) => step.responses;
    const [current, last] = [this.#ofSecond, this.#steps.slice(-STEPS_PER_SECOND - 1, -1)];
    return Math.max(sum(current, responses), sum(last, responses));
  }

  totals(now: number): Omit<Totals, 'responses' | 'errors'> {
    const seconds = Math.max(0.5, this.#secondsCovered(now));
    const steps = this.#steps;
    return {
      hitRate: hitRate(steps),
      oneCacheHitRate: oneHitRate(steps),
      originPerSecond: rounded(sum(steps, (step) => step.asked) / seconds),
      oneCacheOriginPerSecond: rounded(sum(steps, (step) => step.oneAsked) / seconds),
    };
  }

  /** Of the last ten seconds; `null`: nobody asked. */
  hitRateOf(slot: number): number | null {
    return hitRate(this.#steps, slot);
  }

  #secondsCovered(now: number): number {
    const begun = this.#started + (this.#count - this.#steps.length) * STEP_MILLIS;
    return (now - Math.max(begun, this.#since)) / 1_000;
  }

  #endSecond(): Second {
    const steps = this.#ofSecond;
    const slots = Array.from({ length: this.#workers }, (_, index) => index + 1);
    const second: Second = {
      at: this.#count / STEPS_PER_SECOND,
      hitRates: slots.map((slot) => hitRate(steps, slot)),
      oneCacheHitRate: oneHitRate(steps),
      originQueries: sum(steps, (step) => step.asked),
      oneCacheOriginQueries: sum(steps, (step) => step.oneAsked),
      ...(this.#events.length > 0 && { events: this.#events }),
    };
    this.#events = [];
    this.#ofSecond = [];
    this.history.push(second);
    if (this.history.length > HISTORY_SECONDS) this.history.shift();
    return second;
  }
}

function sum(steps: readonly Step[], of: (step: Step) => number | undefined): number {
  return steps.reduce((all, step) => all + (of(step) ?? 0), 0);
}

/** Of one worker, or of all. `null`: nobody asked. */
function hitRate(steps: readonly Step[], slot?: number): number | null {
  return slot === undefined
    ? rate(
        sum(steps, ({ hits }) => hits),
        sum(steps, ({ lookups }) => lookups),
      )
    : rate(
        sum(steps, ({ slotHits }) => slotHits[slot]),
        sum(steps, ({ slotLookups }) => slotLookups[slot]),
      );
}

function oneHitRate(steps: readonly Step[]): number | null {
  return rate(
    sum(steps, ({ oneHits }) => oneHits),
    sum(steps, ({ lookups }) => lookups),
  );
}

/** To three digits, since each costs a byte on its way to every page. */
function rate(hits: number, lookups: number): number | null {
  return lookups === 0 ? null : rounded(hits / lookups);
}

/** Three digits after the point. */
export function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
