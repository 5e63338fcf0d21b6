import { OUTCOMES } from '../../reports/record/vocabulary.ts';
import type { CacheLimits } from '../../scenarios/theory/cache-limits.ts';
import { ModelCache, type ModelCacheState } from '../../scenarios/theory/model-cache.ts';
import { HIT, isMiss } from '../../scenarios/theory/outcomes.ts';
import type { Ledger } from '../traffic/ledger.ts';
import { type CacheLife, type CacheStep, cacheLives, sequenceFaults } from './cache-life.ts';
import { inClockOrder } from './clock-order.ts';
import { type PhaseReplay, ReplayedPhase } from './replayed-phase.ts';
import type { ResidencyLog } from './residency-log.ts';

/** What there was, for the models to do the same. */
export interface ReplayOptions {
  readonly cache: CacheLimits;
  /** How many workers the arm had; the shared cache of the comparison is that many times as large. */
  readonly workers: number;
  /** The name of a key in messages. */
  readonly keyName: (key: number) => string;
}

/**
 * Runs the ledgers of an arm through an exact model of its caches and compares every outcome.
 * Each cache follows its own sequence numbers. Where caches are compared (was the entry held
 * elsewhere?) the order is that of the workers' clocks, which are one machine's; of two steps at
 * one moment, a lookup comes before another worker's store.
 *
 * The shared cache of the comparison stores at the moment of a miss: it takes no time to load.
 */
export function replayArm({
  ledgers,
  ...options
}: ReplayOptions & {
  /** Of all phases of one arm, in order: caches live from one phase to the next. */
  readonly ledgers: readonly Ledger[];
}): PhaseReplay[] {
  return new ArmReplay(options).add(ledgers);
}

/** A life on its way through the replay. */
interface RunningLife extends CacheLife {
  readonly cache: ModelCache;
  /** Held keys whose time is over, or whose row was changed through another worker. */
  readonly spoilt: Set<number>;
  /** What it does in the ledgers at hand. */
  steps: CacheStep[];
  /** Index of the next step. */
  next: number;
  /** Whether it has done anything so far. */
  begun: boolean;
  /** The cache's own number of what it did last. */
  last: number;
  ended: boolean;
}

/** Where a replay is, as plain data: another one can go on from there. */
export interface ReplayState {
  readonly lives: readonly (Pick<RunningLife, 'slot' | 'pid' | 'begun' | 'last' | 'ended'> & {
    readonly cache: ModelCacheState;
    readonly spoilt: readonly number[];
  })[];
  readonly shared: ModelCacheState;
  /** Entries in the order in which their time will be over; `life` is a place in `lives`. */
  readonly expiring: readonly {
    readonly life: number;
    readonly key: number;
    readonly at: number;
  }[];
}

/**
 * The replay of an arm whose ledgers come one after the other, as {@link replayArm} does it with all.
 * Between two of them nothing may have been on its way.
 */
export class ArmReplay {
  #lives: RunningLife[] = [];
  readonly #options: ReplayOptions;
  #livesOfSlot = new Map<number, RunningLife[]>();
  #phases: ReplayedPhase[] = [];
  readonly #shared: ModelCache;
  /** Where the fleet is: the phase that a removal belongs to. */
  #phase = 0;
  /** Entries in the order in which their time will be over; all have the same time to live. */
  #expiring: { readonly life: RunningLife; readonly key: number; readonly at: number }[] = [];
  #expired = 0;

  constructor(options: ReplayOptions, from?: ReplayState) {
    this.#options = options;
    const { cache, workers } = options;
    this.#shared = new ModelCache({ ...cache, maxEntries: cache.maxEntries * workers });
    if (from) this.#restore(from);
  }

  /** Goes on with these, the ledgers of the arm's next phases. */
  add(ledgers: readonly Ledger[]): PhaseReplay[] {
    this.#phases = ledgers.map((ledger) => new ReplayedPhase(ledger));
    this.#phase = 0;
    for (const life of this.#lives) life.steps = [];
    const lives = cacheLives(ledgers);
    // Removals that a step in here leads to are of these phases.
    this.#showHeld();
    for (const { slot, pid, steps } of lives) {
      const life = this.#lifeOf(slot, pid);
      life.steps = steps;
      for (const { phase, message } of sequenceFaults(life, life.last)) {
        this.#phases[phase]!.faults.push(message);
      }
    }
    this.#lives.sort((a, b) => a.slot - b.slot);
    for (const life of this.#lives) life.next = 0;
    this.#livesOfSlot = Map.groupBy(this.#lives, (life) => life.slot);
    for (const life of inClockOrder(this.#lives)) this.#step(life);
    const results = this.#results();
    this.#lives = this.#lives.filter(({ ended }) => !ended);
    this.#expiring = this.#expiring.slice(this.#expired).filter(({ life }) => !life.ended);
    this.#expired = 0;
    return results;
  }

  state(): ReplayState {
    return {
      lives: this.#lives.map(({ slot, pid, begun, last, ended, cache, spoilt }) => ({
        ...{ slot, pid, begun, last, ended },
        cache: cache.state(),
        spoilt: [...spoilt],
      })),
      shared: this.#shared.state(),
      expiring: this.#expiring.map(({ life, key, at }) => ({
        ...{ key, at },
        life: this.#lives.indexOf(life),
      })),
    };
  }

  #restore({ lives, shared, expiring }: ReplayState): void {
    for (const { slot, pid, cache, spoilt, ...rest } of lives) {
      const life = this.#lifeOf(slot, pid);
      life.cache.restore(cache);
      for (const key of spoilt) life.spoilt.add(key);
      Object.assign(life, rest);
    }
    this.#shared.restore(shared);
    this.#expiring = expiring.map(({ life, key, at }) => ({ life: this.#lives[life]!, key, at }));
  }

  #lifeOf(slot: number, pid: number): RunningLife {
    const known = this.#lives.find((life) => life.slot === slot && life.pid === pid);
    if (known) return known;
    const spoilt = new Set<number>();
    const onRemove = (key: number) => {
      spoilt.delete(key);
      this.#residency?.change(slot, key, 0);
    };
    const cache = new ModelCache(this.#options.cache, { onRemove });
    const none = { steps: [], next: 0, begun: false, last: 0, ended: false };
    const life = { slot, pid, cache, spoilt, ...none };
    this.#lives.push(life);
    return life;
  }

  /** Does the next step of a life, in every model that it concerns. */
  #step(life: RunningLife): void {
    const { act, phase: place, row, sequence, seconds: now } = life.steps[life.next++]!;
    life.begun = true;
    life.last = sequence;
    this.#enter(place);
    const phase = this.#phases[this.#phase]!;
    const key = phase.ledger.key[row]!;
    phase.residency.moveTo(phase.ledger.request[row]! + 1);
    this.#spoilExpired(now);
    switch (act) {
      case 'read':
        this.#lookup(life, row, key, now);
        break;
      case 'store':
        this.#store(life, key, now);
        break;
      case 'delete':
        life.cache.delete(key);
        this.#shared.delete(key);
        this.#spoilCopies(key);
        break;
      case 'clear':
        life.cache.clear();
        this.#shared.clear();
        break;
      case 'other':
        break;
    }
    if (this.#livesOfSlot.get(life.slot)!.length > 1) this.#endReplacedLives(life.slot);
  }

  #results(): PhaseReplay[] {
    while (this.#phase < this.#phases.length - 1) this.#enter(this.#phase + 1);
    return this.#phases.map((phase) => phase.result(this.#options.workers));
  }

  #lookup(life: RunningLife, row: number, key: number, now: number): void {
    const phase = this.#phases[this.#phase]!;
    const recorded = phase.ledger.outcome[row]!;
    const modelled = life.cache.lookup(key, now);
    phase.responses++;
    if (recorded === modelled) phase.identical++;
    else phase.firstDifference ??= this.#difference(life, row, modelled);
    if (isMiss(recorded)) {
      const elsewhere = this.#lives.some(
        (other) => other !== life && !other.ended && other.cache.wouldHit(key, now),
      );
      if (elsewhere) {
        phase.avoidable[row] = 1;
        const misses = phase.avoidableBySlot.get(life.slot) ?? 0;
        phase.avoidableBySlot.set(life.slot, misses + 1);
      }
    }
    if (this.#shared.request(key, now) !== HIT) phase.sharedMisses++;
  }

  #store(life: RunningLife, key: number, now: number): void {
    // Nobody looked, so nobody removed it: what is written over a held entry is no new cell.
    if (!life.cache.contains(key) || life.spoilt.has(key))
      this.#residency?.change(life.slot, key, 1);
    life.spoilt.delete(key);
    life.cache.store(key, now);
    const { timeoutSeconds } = this.#options.cache;
    if (timeoutSeconds !== null) this.#expiring.push({ life, key, at: now + timeoutSeconds });
  }

  /** What a cache holds beyond its time looks held, and is of no use. */
  #spoilExpired(now: number): void {
    for (; this.#expired < this.#expiring.length; this.#expired++) {
      const { life, key, at } = this.#expiring[this.#expired]!;
      if (at > now) return;
      if (!life.cache.wouldHit(key, now)) this.#spoil(life, key);
    }
  }

  /** The worker through which a row was changed dropped its copy; the others were not told. */
  #spoilCopies(key: number): void {
    for (const life of this.#lives) this.#spoil(life, key);
  }

  #spoil(life: RunningLife, key: number): void {
    if (life.ended || life.spoilt.has(key) || !life.cache.contains(key)) return;
    life.spoilt.add(key);
    this.#residency?.change(life.slot, key, 2);
  }

  /** Of the phase that the fleet is in. */
  get #residency(): ResidencyLog | undefined {
    return this.#phases[this.#phase]?.residency;
  }

  /** Of a phase that begins, the residency begins with what the caches hold already. */
  #enter(phase: number): void {
    if (phase <= this.#phase) return;
    this.#phase = phase;
    this.#showHeld();
  }

  #showHeld(): void {
    for (const { slot, cache, spoilt, ended } of this.#lives) {
      if (ended) continue;
      for (const key of cache.keys()) this.#residency?.change(slot, key, 1);
      for (const key of spoilt) this.#residency?.change(slot, key, 2);
    }
  }

  /** A cache is gone once its process has said its last and a later one has its slot. */
  #endReplacedLives(slot: number): void {
    const inSlot = this.#livesOfSlot.get(slot)!;
    inSlot.forEach((life, i) => {
      if (life.ended || life.next < life.steps.length) return;
      if (!inSlot.slice(i + 1).some((later) => later.begun)) return;
      life.ended = true;
      for (const key of life.cache.keys()) {
        this.#residency?.change(slot, key, 0);
      }
    });
  }

  #difference(life: CacheLife, row: number, modelled: number): string {
    const { ledger } = this.#phases[this.#phase]!;
    return (
      `request ${ledger.request[row]! + 1} for ${this.#options.keyName(ledger.key[row]!)} at ` +
      `worker ${life.slot} (pid ${life.pid}): the response said ${OUTCOMES[ledger.outcome[row]!]}, ` +
      `the model says ${OUTCOMES[modelled]}`
    );
  }
}
