import type { CellChange, Departure } from '../../reports/live/protocol.ts';
import { BACKENDS, type BackendName, OUTCOMES } from '../../reports/record/vocabulary.ts';
import type { CacheLimits } from '../../scenarios/theory/cache-limits.ts';
import { ModelCache } from '../../scenarios/theory/model-cache.ts';
import type { Operation } from '../traffic/ledger.ts';
import { CacheOrder } from './cache-order.ts';
import { Cells } from './cells.ts';
import type { Streamed } from './stream.ts';

/** What the caches of a fleet are. */
export interface CachesPlan extends CacheLimits {
  readonly workers: number;
  readonly backend: BackendName;
  readonly keys: number;
}

/** What a response tells of a cache. */
export type CacheNews = Omit<Streamed, 'request' | 'status' | 'latencyMicros' | 'client' | 'guest'>;

interface Step extends Pick<CacheNews, 'key' | 'outcome' | 'version'> {
  readonly act: Operation | 'store';
  readonly seconds: number;
}

/** A cache as it is thought to be: its exact model, and the process that it belongs to. */
interface Life {
  readonly pid: number;
  readonly model: ModelCache;
  readonly order: CacheOrder<Step>;
}

/**
 * Which cache of the fleet holds which key, made from what the responses tell: each cache's exact
 * model is fed in the order of the cache's own numbers, as the replay of a record does it. Where the
 * model and a response differ, after a response was lost, the response is right.
 *
 * A cache that all workers share follows no worker's order: it is fed as responses come.
 */
export class Caches {
  /** Lookups fed to models of workers' own caches, and how many of them the model had alike. */
  lookups = 0;
  alike = 0;
  readonly #plan: CachesPlan;
  readonly #cells: Cells;
  readonly #isShared: boolean;
  readonly #lives: (Life | null)[];
  /** Processes that are gone: what they say late changes nothing. */
  readonly #gone = new Set<number>();
  #why: Departure = 'evicted';

  constructor(plan: CachesPlan) {
    this.#plan = plan;
    this.#isShared = BACKENDS[plan.backend].caches === 'one';
    const caches = this.#isShared ? 1 : plan.workers;
    this.#cells = new Cells(caches, plan.keys);
    this.#lives = new Array(caches).fill(null);
  }

  /** @param now when the response came (`performance.now()`) */
  see(news: CacheNews, now: number): void {
    if (this.#gone.has(news.pid) || BACKENDS[this.#plan.backend].caches === 'none') return;
    const cache = this.#isShared ? 0 : news.slot - 1;
    const life = this.#lifeOf(cache, news.pid);
    if (!life) return;
    const { key, operation: act, outcome, version, atSeconds, storedAtSeconds } = news;
    const step = { act, key, outcome, version, seconds: atSeconds };
    const store = { ...step, act: 'store', seconds: storedAtSeconds } as const;
    if (this.#isShared) {
      this.#take(cache, life, step);
      if (news.storedSequence > 0) this.#take(cache, life, store);
      return;
    }
    if (news.sequence === 0) return;
    const due = life.order.add(news.sequence, step, now);
    if (news.storedSequence > 0) due.push(...life.order.add(news.storedSequence, store, now));
    for (const one of due) this.#take(cache, life, one);
  }

  /**
   * Time goes on: entries expire, and numbers that were lost are given up.
   *
   * @param seconds the workers' clock
   * @param oldest when the oldest request that is still on its way was sent (`performance.now()`)
   */
  tick(seconds: number, oldest: number): void {
    this.#lives.forEach((life, cache) => {
      for (const step of life?.order.giveUp(oldest) ?? []) this.#take(cache, life!, step);
    });
    this.#cells.expire(seconds);
  }

  /** A process is gone, and its cache with it. */
  ended(slot: number, pid: number): void {
    this.#gone.add(pid);
    if (!this.#isShared && this.#lives[slot - 1]?.pid === pid) this.#empty(slot - 1);
  }

  /** Whether a later process has its slot, or its end was seen. */
  isGone(pid: number): boolean {
    return this.#gone.has(pid);
  }

  /** Entries of the worker's own cache, those included whose time is over and that nobody touched. */
  entriesOf(slot: number): number {
    return this.#lives[this.#isShared ? 0 : slot - 1]?.model.size ?? 0;
  }

  changes(): CellChange[] {
    return this.#cells.changes((cache) => (this.#isShared ? 0 : cache + 1));
  }

  texts(): string[] {
    return this.#cells.texts();
  }

  #lifeOf(cache: number, pid: number): Life | null {
    const life = this.#lives[cache];
    if (life === undefined) return null;
    if (life && (this.#isShared || life.pid === pid)) return life;
    // The first word of a new process: the one before is gone, or about to go.
    if (life) {
      this.#gone.add(life.pid);
      this.#empty(cache);
    }
    const { maxEntries } = this.#plan;
    const limits = this.#isShared ? { ...this.#plan, maxEntries: 10 * this.#plan.keys } : null;
    const onRemove = (key: number) => this.#cells.remove(cache, key, this.#why);
    const model = new ModelCache(limits ?? { ...this.#plan, maxEntries }, { onRemove });
    const begun = { pid, model, order: new CacheOrder<Step>() };
    this.#lives[cache] = begun;
    return begun;
  }

  #empty(cache: number): void {
    this.#why = 'cleared';
    this.#lives[cache]?.model.clear();
    this.#lives[cache] = null;
  }

  #take(cache: number, { model }: Life, { act, key, seconds, outcome, version }: Step): void {
    switch (act) {
      case 'read':
        this.#lookup(cache, model, { key, seconds, outcome, version });
        break;
      case 'store':
        this.#store(cache, model, { key, seconds, version });
        break;
      case 'delete':
        this.#why = 'cleared';
        model.delete(key);
        if (version !== null) this.#cells.update(key, version);
        break;
      case 'clear':
        this.#why = 'cleared';
        model.clear();
        break;
      case 'other':
        break;
    }
  }

  #lookup(
    cache: number,
    model: ModelCache,
    { key, seconds, outcome, version }: Omit<Step, 'act'>,
  ): void {
    this.#why = 'expired';
    const modelled = OUTCOMES[model.lookup(key, seconds)];
    this.lookups += 1;
    if (modelled === outcome) this.alike += 1;
    if (outcome === 'hit') {
      if (modelled !== 'hit') this.#store(cache, model, { key, seconds, version });
      else if (version !== null) this.#cells.put(cache, key, { version });
    } else if (outcome !== 'none' && outcome !== 'error' && modelled === 'hit') {
      this.#why = outcome === 'expired' ? 'expired' : 'evicted';
      model.delete(key);
    }
  }

  #store(
    cache: number,
    model: ModelCache,
    { key, seconds, version }: Omit<Step, 'act' | 'outcome'>,
  ): void {
    this.#why = 'evicted';
    model.store(key, seconds);
    const until = seconds + (this.#plan.timeoutSeconds ?? Infinity);
    this.#cells.put(cache, key, { version: version ?? 1, until });
  }
}
