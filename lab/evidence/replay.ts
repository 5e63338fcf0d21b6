import type { Replay, Residency } from '../../reports/record/schema.ts';
import { OUTCOMES } from '../../reports/record/vocabulary.ts';
import type { CacheLimits } from '../../scenarios/theory/cache-limits.ts';
import { ModelCache } from '../../scenarios/theory/model-cache.ts';
import { HIT, isMiss } from '../../scenarios/theory/outcomes.ts';
import type { Ledger } from '../traffic/ledger.ts';
import { type CacheLife, type CacheStep, cacheLives, sequenceFaults } from './cache-life.ts';
import { ResidencyLog } from './residency-log.ts';

/** What there was, for the models to do the same. */
export interface ReplayOptions {
  /** The ledgers of all phases of one arm, in order: caches live from one phase to the next. */
  readonly ledgers: readonly Ledger[];
  readonly cache: CacheLimits;
  /** How many workers the arm had; the shared cache of the comparison is that many times as large. */
  readonly workers: number;
  /** The name of a key in messages. */
  readonly keyName: (key: number) => string;
}

/** What the replay tells of one phase. */
export interface PhaseReplay {
  readonly replay: Replay;
  /** One per ledger row: 1 where another worker held the entry at the moment of the miss. */
  readonly avoidable: Uint8Array;
  /** Which worker held which key when; `null` where it would be more than a report can show. */
  readonly changes: Residency['changes'] | null;
}

/**
 * Runs the ledgers of an arm through an exact model of its caches and compares every outcome.
 * Each cache follows its own sequence numbers. Where caches are compared (was the entry held
 * elsewhere?) the order is that of the workers' clocks, which are one machine's; of two steps at
 * one moment, a lookup comes before another worker's store.
 *
 * The shared cache of the comparison stores at the moment of a miss: it takes no time to load.
 */
export function replayArm(options: ReplayOptions): PhaseReplay[] {
  const fleet = new ReplayedFleet(options);
  for (const life of inClockOrder(fleet.lives)) fleet.step(life);
  return fleet.results();
}

/** A life on its way through the replay. */
interface RunningLife extends CacheLife {
  readonly cache: ModelCache;
  /** Held keys whose time is over, or whose row was changed through another worker. */
  readonly spoilt: Set<number>;
  /** Index of the next step. */
  next: number;
  ended: boolean;
}

class ReplayedFleet {
  readonly lives: RunningLife[];
  readonly #options: ReplayOptions;
  readonly #livesOfSlot: Map<number, RunningLife[]>;
  readonly #phases: PhaseState[];
  readonly #shared: ModelCache;
  /** Where the fleet is: the phase that a removal belongs to. */
  #phase = 0;
  /** Entries in the order in which their time will be over; all have the same time to live. */
  readonly #expiring: { readonly life: RunningLife; readonly key: number; readonly at: number }[] =
    [];
  #expired = 0;

  constructor(options: ReplayOptions) {
    this.#options = options;
    this.#shared = new ModelCache({
      ...options.cache,
      maxEntries: options.cache.maxEntries * options.workers,
    });
    this.#phases = options.ledgers.map((ledger) => new PhaseState(ledger));
    this.lives = cacheLives(options.ledgers).map((life) => {
      const spoilt = new Set<number>();
      const onRemove = (key: number) => {
        spoilt.delete(key);
        this.#residency.change(life.slot, key, 0);
      };
      const cache = new ModelCache(options.cache, { onRemove });
      return { ...life, cache, spoilt, next: 0, ended: false };
    });
    this.#livesOfSlot = Map.groupBy(this.lives, (life) => life.slot);
    for (const life of this.lives) {
      for (const { phase, message } of sequenceFaults(life)) {
        this.#phases[phase]!.faults.push(message);
      }
    }
  }

  /** Does the next step of a life, in every model that it concerns. */
  step(life: RunningLife): void {
    const { act, phase: place, row, seconds: now } = life.steps[life.next++]!;
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

  results(): PhaseReplay[] {
    while (this.#phase < this.#phases.length - 1) this.#enter(this.#phase + 1);
    const slots = Array.from({ length: this.#options.workers }, (_, i) => i + 1);
    return this.#phases.map((phase) => ({
      replay: {
        responses: phase.responses,
        identical: phase.identical,
        firstDifference: phase.faults[0] ?? phase.firstDifference,
        avoidableMisses: phase.avoidableBySlot.values().reduce((sum, misses) => sum + misses, 0),
        avoidableByWorker: slots.map((slot) => ({
          slot,
          misses: phase.avoidableBySlot.get(slot) ?? 0,
        })),
        sharedCacheMisses: phase.sharedMisses,
      },
      avoidable: phase.avoidable,
      changes: phase.residency.columns(),
    }));
  }

  #lookup(life: RunningLife, row: number, key: number, now: number): void {
    const phase = this.#phases[this.#phase]!;
    const recorded = phase.ledger.outcome[row]!;
    const modelled = life.cache.lookup(key, now);
    phase.responses++;
    if (recorded === modelled) phase.identical++;
    else phase.firstDifference ??= this.#difference(life, row, modelled);
    if (isMiss(recorded)) {
      const elsewhere = this.lives.some(
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
      this.#residency.change(life.slot, key, 1);
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
    for (const life of this.lives) this.#spoil(life, key);
  }

  #spoil(life: RunningLife, key: number): void {
    if (life.ended || life.spoilt.has(key) || !life.cache.contains(key)) return;
    life.spoilt.add(key);
    this.#residency.change(life.slot, key, 2);
  }

  get #residency(): ResidencyLog {
    return this.#phases[this.#phase]!.residency;
  }

  /** Of a phase that begins, the residency begins with what the caches hold already. */
  #enter(phase: number): void {
    if (phase <= this.#phase) return;
    this.#phase = phase;
    const { residency } = this.#phases[phase]!;
    for (const life of this.lives) {
      if (life.ended) continue;
      for (const key of life.cache.keys()) residency.change(life.slot, key, 1);
      for (const key of life.spoilt) residency.change(life.slot, key, 2);
    }
  }

  /** A cache is gone once its process has said its last and a later one has its slot. */
  #endReplacedLives(slot: number): void {
    const inSlot = this.#livesOfSlot.get(slot)!;
    inSlot.forEach((life, i) => {
      if (life.ended || life.next < life.steps.length) return;
      if (!inSlot.slice(i + 1).some((later) => later.next > 0)) return;
      life.ended = true;
      for (const key of life.cache.keys()) {
        this.#residency.change(slot, key, 0);
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

/** What is found out about one phase. */
class PhaseState {
  readonly ledger: Ledger;
  readonly avoidable: Uint8Array;
  readonly avoidableBySlot = new Map<number, number>();
  readonly residency = new ResidencyLog();
  readonly faults: string[] = [];
  responses = 0;
  identical = 0;
  sharedMisses = 0;
  firstDifference: string | null = null;

  constructor(ledger: Ledger) {
    this.ledger = ledger;
    this.avoidable = new Uint8Array(ledger.length);
  }
}

/** Yields the life whose next step is due, until all are through. */
function* inClockOrder(lives: readonly RunningLife[]): Generator<RunningLife> {
  for (;;) {
    let due: RunningLife | undefined;
    let first: CacheStep | undefined;
    for (const life of lives) {
      const step = life.steps[life.next];
      if (!step || (first && !comesBefore(step, first))) continue;
      due = life;
      first = step;
    }
    if (!due) return;
    yield due;
  }
}

function comesBefore(a: CacheStep, b: CacheStep): boolean {
  if (a.seconds !== b.seconds) return a.seconds < b.seconds;
  return a.act !== 'store' && b.act === 'store';
}
