import type {
  ActState,
  AudienceState,
  Choices,
  Dot,
  Flash,
  Frame,
  LiveMessage,
  Second,
  Setting,
  Totals,
  Whole,
  WorkerState,
} from '../../reports/live/protocol.ts';
import { ModelCache } from '../../scenarios/theory/model-cache.ts';
import { HIT } from '../../scenarios/theory/outcomes.ts';
import type { WorkerIdentity } from '../../server/protocol.ts';
import { Caches, type CachesPlan } from './caches.ts';
import { Recent, rounded } from './recent.ts';
import type { Streamed } from './stream.ts';

/** What the moment is, by all clocks that matter. */
export interface Moment {
  /** `performance.now()` */
  readonly now: number;
  /** The workers' clock. */
  readonly seconds: number;
  /** When the oldest request that is still on its way was sent, as `now`. */
  readonly oldest: number;
}

/** What is shown besides what responses tell. */
export interface Shown {
  readonly setting: Setting;
  readonly act: ActState | null;
  readonly audience: AudienceState | null;
  readonly busy: string | null;
  readonly saved: string | null;
}

/** Responses that are drawn one by one, per second; of more, a sample. */
const MOST_DOTS = 30;
/** Figures that are read and not watched. */
const FIGURES_EVERY_MILLIS = 250;

/** Folds what responses tell into what the pages show. It knows no process, and no clock but what it is told. */
export class Stage {
  readonly #choices: Choices;
  readonly #recent: Recent;
  #shown: Shown;
  #number = 0;
  #workers = new Map<number, WorkerState>();
  #caches: Caches | null = null;
  #oneCache: ModelCache | null = null;
  /** The latest moment that the imagined cache has seen. */
  #oneCacheSeconds = 0;
  #responses = 0;
  #errors = 0;
  #drawn = 0;
  #figuresDue = 0;

  // What is new since the last message.
  #isAnother = true;
  #news: Partial<Shown> = {};
  #said: string[] = [];
  readonly #flashes = new Map<number, Flash>();
  #dots: Dot[] = [];
  #seconds: Second[] = [];
  #figuresMoved = false;

  constructor(choices: Choices, shown: Shown, now: number) {
    this.#choices = choices;
    this.#shown = shown;
    this.#recent = new Recent(now);
  }

  /** Another fleet: every cache is empty, the imagined one too. */
  begin(plan: CachesPlan, workers: readonly WorkerIdentity[], now: number): void {
    this.#caches = new Caches(plan);
    const maxEntries = plan.maxEntries * plan.workers;
    this.#oneCache = new ModelCache({ ...plan, maxEntries });
    this.#workers = new Map();
    for (const worker of workers) this.arrived(worker);
    this.#recent.begin(plan.workers, now);
    this.#flashes.clear();
    this.#dots = [];
    this.#isAnother = true;
  }

  /** Gives back whether the imagined cache had it; `null`: nothing was looked up. */
  respond(response: Streamed, now: number): boolean | null {
    const { slot, pid, key, operation, outcome, guest, client, latencyMicros } = response;
    this.#responses += 1;
    if (response.status >= 300 || outcome === 'error') this.#errors += 1;
    const isHit = outcome === 'hit';
    const isLookup = operation === 'read' && outcome !== 'none' && outcome !== 'error';
    const oneHit = this.#feedOneCache(response);
    const asked = operation === 'read' && !isHit && outcome !== 'none';
    this.#recent.add({ slot, hit: isLookup ? isHit : null, oneHit, asked });
    this.#caches?.see(response, now);
    const worker = this.#workerOf({ slot, pid });
    if (worker && isLookup) {
      const { lookups, hits } = worker;
      const counted = { lookups: lookups + 1, hits: hits + (isHit ? 1 : 0) };
      this.#workers.set(slot, { ...worker, ...counted });
    }
    this.#figuresMoved = true;
    if (operation !== 'read') return oneHit;
    const flash: Flash = [slot, key + 1];
    this.#flashes.set(slot * 1e7 + key, flash);
    this.#drawn += 1;
    if (guest === null && this.#drawn % this.#dotsStandFor !== 0) return oneHit;
    const dot = { client, slot, key: key + 1, outcome, millis: rounded(latencyMicros / 1_000) };
    this.#dots.push(guest === null ? dot : { ...dot, guest });
    return oneHit;
  }

  lost(): void {
    this.#errors += 1;
    this.#figuresMoved = true;
  }

  /** What the presenter did, in a few words. */
  event(label: string): void {
    this.#recent.event(label);
  }

  /** A cache was cleared through the lab, which no response tells. */
  cleared(news: Parameters<Caches['see']>[0], now: number): void {
    this.#caches?.see(news, now);
    this.#oneCache?.clear();
    this.#figuresMoved = true;
  }

  ended({ slot, pid }: WorkerIdentity): void {
    this.#caches?.ended(slot, pid);
    const worker = this.#workers.get(slot);
    if (worker?.pid !== pid) return;
    this.#workers.set(slot, { ...worker, alive: false, entries: 0, rssBytes: 0 });
    this.#figuresMoved = true;
  }

  /** A process serves in that slot; one that is known stays as it is. */
  arrived({ slot, pid }: WorkerIdentity): void {
    const before = this.#workers.get(slot);
    if (before?.pid === pid) return;
    if (before) this.#caches?.ended(slot, before.pid);
    const none = { lookups: 0, hits: 0, entries: 0, rssBytes: 0, recentHitRate: null };
    this.#workers.set(slot, { slot, pid, alive: true, ...none });
    this.#figuresMoved = true;
  }

  /** What the processes take, by their own account. */
  memory(workers: readonly (WorkerIdentity & { readonly rssBytes: number })[]): void {
    for (const { slot, pid, rssBytes } of workers) {
      const worker = this.#workers.get(slot);
      if (worker?.pid === pid) this.#workers.set(slot, { ...worker, rssBytes });
    }
    this.#figuresMoved = true;
  }

  show(news: Partial<Shown>): void {
    this.#shown = { ...this.#shown, ...news };
    this.#news = { ...this.#news, ...news };
  }

  say(sentence: string): void {
    this.#said.push(sentence);
  }

  get shown(): Shown {
    return this.#shown;
  }

  /** Lookups that the exact models were fed with, and how many of them they had alike. */
  get followed(): { readonly lookups: number; readonly alike: number } {
    return this.#caches ?? { lookups: 0, alike: 0 };
  }

  workers(): WorkerState[] {
    return [...this.#workers.values()]
      .sort((a, b) => a.slot - b.slot)
      .map((worker) => ({
        ...worker,
        entries: worker.alive ? (this.#caches?.entriesOf(worker.slot) ?? 0) : 0,
        recentHitRate: this.#recent.hitRateOf(worker.slot),
      }));
  }

  totals(now: number): Totals {
    return { responses: this.#responses, errors: this.#errors, ...this.#recent.totals(now) };
  }

  /** What is new since it was asked last; `null`: nothing. */
  message(moment: Moment): LiveMessage | null {
    this.#caches?.tick(moment.seconds, moment.oldest);
    this.#seconds.push(...this.#recent.tick(moment.now));
    const isAnother = this.#isAnother;
    const said = isAnother ? [] : this.#said.splice(0);
    const frame = {
      ...this.#frame(moment.now),
      ...(said.length > 0 && { said: said.join(' ') }),
    };
    if (!isAnother && Object.keys(frame).length === 0) return null;
    this.#number += 1;
    if (!isAnother) return { is: 'frame', number: this.#number, ...frame };
    this.#isAnother = false;
    this.#seconds = [];
    return { is: 'whole', ...this.whole(moment.now) };
  }

  /** All that a page shows, as of the last message. */
  whole(now: number): Whole {
    const { setting, act, audience, busy, saved } = this.#shown;
    return {
      number: this.#number,
      ...{ setting, choices: this.#choices, workers: this.workers() },
      cells: this.#caches?.texts() ?? [],
      totals: this.totals(now),
      history: [...this.#recent.history],
      ...{ act, audience, busy, saved },
    };
  }

  #frame(now: number): Omit<Frame, 'number' | 'said'> {
    const cells = this.#caches?.changes() ?? [];
    const [flashes, dots] = [[...this.#flashes.values()], this.#dots];
    const [second] = this.#seconds.splice(0, 1);
    // Rates of the last ten seconds move on even where nobody asks.
    if (second) this.#figuresMoved = true;
    const figures = this.#figuresMoved && now >= this.#figuresDue;
    if (figures) {
      this.#figuresMoved = false;
      this.#figuresDue = now + FIGURES_EVERY_MILLIS;
    }
    const frame = {
      ...(flashes.length > 0 && { flashes }),
      ...(dots.length > 0 && { dots, dotsStandFor: this.#dotsStandFor }),
      ...(cells.length > 0 && { cells }),
      ...(figures && { workers: this.workers(), totals: this.totals(now) }),
      ...(second && { second }),
      ...this.#news,
    };
    this.#flashes.clear();
    this.#dots = [];
    this.#news = {};
    return frame;
  }

  get #dotsStandFor(): number {
    return Math.max(1, Math.ceil(this.#recent.perSecond / MOST_DOTS));
  }

  #workerOf({ slot, pid }: WorkerIdentity): WorkerState | null {
    const known = this.#workers.get(slot);
    if (!known || !this.#caches) return null;
    if (known.pid !== pid) {
      if (this.#caches.isGone(pid)) return null;
      this.arrived({ slot, pid });
    }
    return this.#workers.get(slot)!;
  }

  /** Whether the imagined cache had it; `null`: nothing was looked up. It sees requests as their responses come. */
  #feedOneCache({ key, operation, outcome, atSeconds }: Streamed): boolean | null {
    const one = this.#oneCache;
    if (!one) return null;
    this.#oneCacheSeconds = Math.max(this.#oneCacheSeconds, atSeconds);
    if (operation === 'delete') one.delete(key);
    if (operation !== 'read' || outcome === 'none' || outcome === 'error') return null;
    return one.request(key, this.#oneCacheSeconds) === HIT;
  }
}
