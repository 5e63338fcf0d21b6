import { afterEach, beforeEach, describe } from 'vitest';
import type { Awaitable, Cache, CacheOptions } from '../cache.ts';
import { describeBadInput } from './bad-input.ts';
import { describeCounting } from './counting.ts';
import { describeCulling } from './culling.ts';
import { describeExpiry } from './expiry.ts';
import { describeKeys } from './keys.ts';
import { describeMissing } from './missing.ts';
import { describeStoring } from './storing.ts';

/** What a backend promises beyond the interface. The suite asks for exactly what is promised. */
export interface Capabilities {
  /** It keeps what is stored. */
  readonly stores: boolean;
  /**
   * How entries expire: `given clock`: by the `clock` option, which the suite moves; `real time`:
   * the suite waits; `never`: not at all.
   */
  readonly expires: 'given clock' | 'real time' | 'never';
  /** A full cache drops its least recently used entries, 1/cullFrequency of them, as Django does. */
  readonly culls: boolean;
  /** `entries()` lists them: by recency, or in no order; `false`: it gives null. */
  readonly listsEntries: 'by recency' | 'in no order' | false;
  /** A miss says truly whether it was cold, expired or evicted, and stores count what they created. */
  readonly knowsReasons: boolean;
  /** Counters may go below 0. */
  readonly countsBelowZero: boolean;
  /** Any text is a key: also with white space, control characters and lone surrogates. */
  readonly takesAnyKey: boolean;
  /** Values come back with JavaScript's types (Date, Map, bigint, cycles), not just JSON's. */
  readonly keepsTypes: boolean;
}

/** A new, empty cache that shares nothing with those made before. The suite closes it. */
export type CacheFactory = (options: CacheOptions) => Awaitable<Cache>;

/** What the parts of the suite work with. */
export interface ContractContext {
  readonly can: Capabilities;
  /** A cache under test; its clock is the suite's where the backend takes one. */
  make(options?: CacheOptions): Promise<Cache>;
  /** Seconds on the suite's clock. */
  now(): number;
  advance(seconds: number): void;
}

/**
 * The contract of backends. Each calls this in its own test file with a factory and with what it
 * promises; whoever adds a backend starts here.
 */
export function describeCacheContract(
  name: string,
  factory: CacheFactory,
  capabilities: Capabilities,
): void {
  describe(`the contract of caches, kept by ${name}`, () => {
    const made: Cache[] = [];
    let seconds: number;
    beforeEach(() => {
      seconds = 1_000_000;
    });
    afterEach(async () => {
      for (const cache of made.splice(0)) await cache.close();
    });
    const context: ContractContext = {
      can: capabilities,
      now: () => seconds,
      advance(by) {
        seconds += by;
      },
      async make(options = {}) {
        const clock = capabilities.expires === 'given clock' ? { clock: () => seconds } : {};
        const cache = await factory({ ...clock, ...options });
        made.push(cache);
        return cache;
      },
    };
    describeMissing(context);
    describeCounting(context);
    describeBadInput(context);
    if (capabilities.stores) describeStoring(context);
    if (capabilities.stores) describeKeys(context);
    if (capabilities.expires !== 'never') describeExpiry(context);
    if (capabilities.culls) describeCulling(context);
  });
}
