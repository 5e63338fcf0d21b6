import { afterAll, beforeEach, describe } from 'vitest';
import type { Cache, CacheOptions } from '../cache.ts';
import { BACKENDS, type Backend, type Capabilities } from './backends.ts';
import { stopServices } from './services.ts';

/** What the parts of the suite work with. */
export interface Contract {
  readonly can: Capabilities;
  /** A new, empty cache that shares nothing with those made before. */
  make(options?: CacheOptions): Promise<Cache>;
  /** Moves the suite's clock, which caches have that take one. */
  advance(seconds: number): void;
}

/**
 * Runs a part of the suite over every backend that has promised what it asks for.
 *
 * @param suites `describe.concurrent` for tests that wait, and can do so side by side
 */
export function contract(
  part: string,
  tests: (contract: Contract) => void,
  promised: (can: Capabilities) => boolean = () => true,
  suites: Pick<typeof describe, 'each'> = describe,
): void {
  afterAll(stopServices);
  const backends = BACKENDS.filter(({ can }) => promised(can));
  suites.each(backends)('the contract of caches, kept by $name', (backend) => {
    describe(part, () => tests(contractOf(backend)));
  });
}

function contractOf({ can, open }: Backend): Contract {
  const made: Cache[] = [];
  let seconds: number;
  beforeEach(() => {
    seconds = 1_000_000;
  });
  // Not after each: what takes real time runs side by side.
  afterAll(async () => {
    for (const cache of made) await cache.close();
  });
  return {
    can,
    advance(by) {
      seconds += by;
    },
    async make(options = {}) {
      const clock = can.expires === 'given clock' ? { clock: () => seconds } : {};
      const cache = await open({ ...clock, ...options });
      made.push(cache);
      return cache;
    },
  };
}
