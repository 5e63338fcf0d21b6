import { setTimeout as delay } from 'node:timers/promises';
import type { ActState, Command } from '../../reports/live/protocol.ts';
import type { Act, ActStep, Asked, Seen } from '../../scenarios/curriculum/acts/act.ts';
import type { Commands } from './commands.ts';
import type { Live } from './live.ts';
import type { Streamed } from './stream.ts';

/** Who waits for responses looks this often, and no longer than a room would. */
const LOOK_MILLIS = 50;
const MOST_SECONDS = 20;

/**
 * The presenter's script, played on the running fleet. What an act does goes through the queue of
 * commands like what the presenter does, so both may be at it at once; another act ends the one before.
 */
export class ActPlay {
  readonly #live: Live;
  readonly #commands: Commands;
  readonly #acts: readonly Act[];
  #ended = new AbortController();
  #act: Act | null = null;
  /** By participant. */
  readonly #votes = new Map<number, number>();
  #watch: Watch | null = null;
  /** Whether the stage of the present act is set; pending while it is being set. */
  #isSet: Promise<boolean> = Promise.resolve(false);

  constructor(live: Live, commands: Commands, acts: readonly Act[]) {
    this.#live = live;
    this.#commands = commands;
    this.#acts = acts;
    live.onResponse = (response, oneHit) => this.#watch?.see(response, oneHit);
  }

  /** To an act, from 1; beyond the last, or 0: none. Done when its stage is set. */
  async go(number: number): Promise<void> {
    this.#ended.abort();
    this.#ended = new AbortController();
    this.#votes.clear();
    const act = this.#acts[number - 1] ?? null;
    this.#act = act;
    if (!act) {
      this.#live.stage.show({ act: null });
      return;
    }
    const { title, setting, question, answers } = act;
    const told = { number, of: this.#acts.length, title, setting, question, answers };
    const open = { votes: [0, 0, 0, 0], step: 'asked', right: null, outcome: null } as const;
    this.#live.stage.show({ act: { ...told, ...open } });
    this.#isSet = this.#play(act.before, this.#ended.signal);
    await this.#isSet;
  }

  /** Gives the answer of the present act. Done when it has been shown. */
  async show(): Promise<void> {
    const [act, { signal }] = [this.#act, this.#ended];
    if (!act || this.#state?.step !== 'asked') return;
    const isSet = await this.#isSet;
    if (signal.aborted || this.#state.step !== 'asked') return;
    if (!isSet) {
      this.#live.stage.say('The stage of this act could not be set, so there is nothing to show.');
      return;
    }
    this.#change({ step: 'showing' });
    const before = this.#totals();
    const watch = new Watch(before.hitRate);
    this.#watch = watch;
    const done = await this.#play(act.show, signal);
    if (signal.aborted) return;
    this.#watch = null;
    const errors = this.#totals().errors - before.errors;
    const outcome = done ? act.outcome({ ...watch.seen(), errors }) : null;
    this.#change({ step: 'shown', right: act.right, outcome });
  }

  /** A participant's answer, 0…3; counted once, as it was last, while the question is open. */
  vote(guest: number, answer: number): boolean {
    if (this.#state?.step !== 'asked') return false;
    this.#votes.set(guest, answer);
    const votes = [0, 1, 2, 3].map(
      (one) =>
        this.#votes
          .values()
          .filter((it) => it === one)
          .toArray().length,
    );
    this.#change({ votes: votes as unknown as ActState['votes'] });
    return true;
  }

  voteOf(guest: number): number | null {
    return this.#votes.get(guest) ?? null;
  }

  #totals() {
    return this.#live.stage.totals(performance.now());
  }

  get #state(): ActState | null {
    return this.#live.stage.shown.act;
  }

  #change(news: Partial<ActState>): void {
    this.#live.stage.show({ act: { ...this.#state!, ...news } });
  }

  /** Whether all steps could be done. */
  async #play(steps: readonly ActStep[], signal: AbortSignal): Promise<boolean> {
    for (const step of steps) {
      if (signal.aborted) return false;
      const done =
        step.do === 'wait' ? await this.#wait(step, signal) : await this.#do(step, signal);
      if (!done) return false;
    }
    return true;
  }

  async #do(step: Exclude<ActStep, { do: 'wait' }>, signal: AbortSignal): Promise<boolean> {
    const refusal = this.#commands.refusalOf(step as Command);
    if (refusal !== null) {
      this.#live.stage.say(refusal);
      return false;
    }
    return this.#commands.queue(async () => {
      if (!signal.aborted) await this.#commands.perform(step as Command);
    });
  }

  async #wait(
    step: { readonly seconds: number } | { readonly responses: number },
    signal: AbortSignal,
  ): Promise<boolean> {
    const responses = () => this.#totals().responses;
    const [from, began] = [responses(), performance.now()];
    const isOver = () =>
      'responses' in step
        ? responses() - from >= step.responses || performance.now() - began > 1_000 * MOST_SECONDS
        : performance.now() - began >= 1_000 * step.seconds;
    while (!signal.aborted && !isOver()) await delay(LOOK_MILLIS);
    return !signal.aborted;
  }
}

/** Counts what is seen while an answer is shown. */
class Watch {
  readonly #hitRateBefore: number | null;
  readonly #asked: Asked[] = [];
  #responses = 0;
  #lookups = 0;
  #hits = 0;
  #oneHits = 0;
  #originQueries = 0;

  constructor(hitRateBefore: number | null) {
    this.#hitRateBefore = hitRateBefore;
  }

  see({ slot, outcome, version, guest, operation }: Streamed, oneHit: boolean | null): void {
    if (operation !== 'read') return;
    this.#responses += 1;
    if (guest === 0) this.#asked.push({ slot, outcome, version });
    if (outcome !== 'hit' && outcome !== 'none') this.#originQueries += 1;
    if (oneHit === null) return;
    this.#lookups += 1;
    if (outcome === 'hit') this.#hits += 1;
    if (oneHit) this.#oneHits += 1;
  }

  seen(): Omit<Seen, 'errors'> {
    const rate = (hits: number) => (this.#lookups === 0 ? null : hits / this.#lookups);
    return {
      responses: this.#responses,
      hitRate: rate(this.#hits),
      oneCacheHitRate: rate(this.#oneHits),
      originQueries: this.#originQueries,
      oneCacheOriginQueries: this.#lookups - this.#oneHits,
      hitRateBefore: this.#hitRateBefore,
      asked: this.#asked,
    };
  }
}
