import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ModelCache } from './model-cache.ts';
import { HIT } from './outcomes.ts';
import { KEY_GROUPS, RecencyStack } from './recency-stack.ts';

interface Trace {
  readonly keys: readonly number[];
  readonly seconds: readonly number[];
}

/** A second passes between two requests, unless said otherwise. */
const inOrder = (keys: readonly number[]): Trace => ({ keys, seconds: keys.map((_, i) => i) });

function stackMisses(
  { keys, seconds }: Trace,
  options: Partial<ConstructorParameters<typeof RecencyStack>[0]> = {},
): number[] {
  const limits = { timeoutSeconds: null, cullFrequency: 3, policy: 'lru' } as const;
  const stack = new RecencyStack({ sizes: [1, 2, 3, 4], limits, ...options });
  stack.requestAll(Uint32Array.from(keys), Float64Array.from(seconds));
  return [...stack.misses];
}

describe('misses counted by hand', () => {
  it('of three keys in turn: all of them below three entries, then the first three', () => {
    expect(stackMisses(inOrder([7, 8, 9, 7, 8, 9, 7]))).toEqual([7, 7, 3, 3]);
  });

  it("of Belady's example for LRU: 10 with three entries, 8 with four", () => {
    expect(stackMisses(inOrder([1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5]))).toEqual([12, 12, 10, 8]);
  });

  it("of Django's cull: a full cache of three drops one, of four two, before it stores", () => {
    // Three entries, a third: as a strict LRU. Four, a half: 1 2 3 4 | 3 4 5 | 3 4 5 1 | 5 1 2.
    const keys = [1, 2, 3, 4, 5, 1, 2];
    const django = { timeoutSeconds: null, cullFrequency: 2 };
    expect(stackMisses(inOrder([...keys, 1, 3]), { sizes: [4], limits: django })).toEqual([8]);
    // One entry, a half: less than one is dropped, so it grows to two.
    expect(stackMisses(inOrder([1, 2, 1, 2]), { sizes: [1], limits: django })).toEqual([2]);
    // All are dropped: 1 2 | 3 1 | 2.
    const all = { timeoutSeconds: null, cullFrequency: 0 };
    expect(stackMisses(inOrder([1, 2, 3, 1, 2]), { sizes: [2], limits: all })).toEqual([5]);
  });

  it('of a timeout that a hit does not extend', () => {
    // Stored at 0, 3 and 6; with two entries 8 pushes it out before 4.
    const trace = { keys: [7, 7, 7, 7, 8, 9, 7, 7], seconds: [0, 1, 2, 3, 3, 3, 4, 6] };
    const limits = { timeoutSeconds: 3, cullFrequency: 3, policy: 'lru' } as const;
    expect(stackMisses(trace, { sizes: [2, 3], limits })).toEqual([5, 5]);
  });

  it('by groups of keys', () => {
    const groupOf = (key: number) => key % KEY_GROUPS;
    const limits = { timeoutSeconds: null, cullFrequency: 3, policy: 'lru' } as const;
    const stack = new RecencyStack({ sizes: [1, 2], limits, groupOf });
    stack.requestAll(Uint32Array.of(1, 2, 1, 2, 33), new Float64Array(5));
    expect([...stack.missesByGroup.subarray(0, 4)]).toEqual([0, 3, 2, 0]);
    expect([...stack.missesByGroup.subarray(KEY_GROUPS, KEY_GROUPS + 4)]).toEqual([0, 2, 1, 0]);
  });
});

const traces = fc
  .array(fc.tuple(fc.nat(30), fc.constantFrom(0, 0, 1, 2, 5)), { maxLength: 400, size: 'max' })
  .map((requests): Trace => {
    let now = 0;
    const seconds = requests.map(([, pause]) => (now += pause));
    return { keys: requests.map(([key]) => key), seconds };
  });
const limitsOfAnyKind = fc.record({
  timeoutSeconds: fc.constantFrom(null, 0, 1, 7, 40),
  cullFrequency: fc.constantFrom(0, 1, 2, 3, 10),
  policy: fc.constantFrom('lru' as const, 'django' as const),
});
const sizesOfAnyKind = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 });

/** As plain as can be: entries as a list, the least recently used first. */
function plainMisses({ keys, seconds }: Trace, size: number, limits: PlainLimits): number {
  const { timeoutSeconds, cullFrequency, policy } = limits;
  let entries: { key: number; storedAt: number }[] = [];
  let misses = 0;
  keys.forEach((key, i) => {
    const now = seconds[i]!;
    const held = entries.find((entry) => entry.key === key);
    entries = entries.filter((entry) => entry !== held);
    if (held && (timeoutSeconds === null || now < held.storedAt + timeoutSeconds)) {
      entries.push(held);
      return;
    }
    misses++;
    if (entries.length >= size) {
      const some = cullFrequency === 0 ? Infinity : Math.floor(entries.length / cullFrequency);
      entries = entries.slice(policy === 'lru' ? 1 : some);
    }
    entries.push({ key, storedAt: now });
  });
  return misses;
}

/** A request for a key, or a write of it: here, so that it is removed, or elsewhere, unseen. */
type Event = readonly [what: 'read' | 'delete' | 'overtake', key: number, pause: number];

const events = fc.array(
  fc.tuple(
    fc.constantFrom(
      'read' as const,
      'read' as const,
      'read' as const,
      'delete' as const,
      'overtake' as const,
    ),
    fc.nat(12),
    fc.constantFrom(0, 0, 1, 5),
  ),
  { maxLength: 300, size: 'max' },
);

/** As plain as can be: misses and stale hits of one size. */
function plainStale(happened: readonly Event[], size: number, limits: PlainLimits) {
  const { timeoutSeconds, cullFrequency, policy } = limits;
  let entries: { key: number; storedAt: number; stale: boolean }[] = [];
  let [now, misses, stale] = [0, 0, 0];
  for (const [what, key, pause] of happened) {
    now += pause;
    const held = entries.find((entry) => entry.key === key);
    if (what === 'overtake') {
      if (held) held.stale = true;
      continue;
    }
    entries = entries.filter((entry) => entry !== held);
    if (what === 'delete') continue;
    if (held && (timeoutSeconds === null || now < held.storedAt + timeoutSeconds)) {
      entries.push(held);
      if (held.stale) stale++;
      continue;
    }
    misses++;
    if (entries.length >= size) {
      const some = cullFrequency === 0 ? Infinity : Math.floor(entries.length / cullFrequency);
      entries = entries.slice(policy === 'lru' ? 1 : some);
    }
    entries.push({ key, storedAt: now, stale: false });
  }
  return [misses, stale];
}

interface PlainLimits {
  readonly timeoutSeconds: number | null;
  readonly cullFrequency: number;
  readonly policy: 'lru' | 'django';
}

describe('any trace, in caches of any sizes', () => {
  it('misses as often as in the exact model of each, and as in a plain list', () => {
    fc.assert(
      fc.property(traces, sizesOfAnyKind, limitsOfAnyKind, (trace, sizes, limits) => {
        const misses = stackMisses(trace, { sizes, limits });
        expect(misses).toEqual(sizes.map((size) => plainMisses(trace, size, limits)));
        const modelled = sizes.map((maxEntries) => {
          const cache = new ModelCache({ ...limits, maxEntries });
          return trace.keys.filter((key, i) => cache.request(key, trace.seconds[i]!) !== HIT)
            .length;
        });
        expect(misses).toEqual(modelled);
      }),
      { numRuns: 300 },
    );
  });

  it('misses no more often under LRU when the cache is larger', () => {
    fc.assert(
      fc.property(traces, (trace) => {
        const misses = stackMisses(trace, { sizes: [1, 2, 3, 5, 8, 13, 21, 34] });
        expect(misses).toEqual(misses.toSorted((a, b) => b - a));
      }),
    );
  });

  it('misses as often when it comes in parts', () => {
    fc.assert(
      fc.property(
        traces,
        sizesOfAnyKind,
        limitsOfAnyKind,
        fc.nat(400),
        (trace, sizes, limits, at) => {
          const stack = new RecencyStack({ sizes, limits });
          const keys = Uint32Array.from(trace.keys);
          const seconds = Float64Array.from(trace.seconds);
          const middle = Math.min(at, keys.length);
          stack.requestAll(keys, seconds, 0, middle);
          stack.requestAll(keys, seconds, middle);
          expect([...stack.misses]).toEqual(stackMisses(trace, { sizes, limits }));
        },
      ),
    );
  });

  it('misses as often when the numbers of its requests begin anew in the middle', () => {
    fc.assert(
      fc.property(traces, sizesOfAnyKind, limitsOfAnyKind, (trace, sizes, limits) => {
        const stack = new RecencyStack({ sizes, limits, requestsBefore: 2 ** 31 - 60 });
        trace.keys.forEach((key, i) => {
          stack.requestAll(Uint32Array.of(key), Float64Array.of(trace.seconds[i]!));
        });
        expect([...stack.misses]).toEqual(stackMisses(trace, { sizes, limits }));
      }),
    );
  });

  it('hits as many overtaken entries, and misses deleted ones, as a plain list', () => {
    fc.assert(
      fc.property(events, sizesOfAnyKind, limitsOfAnyKind, (happened, sizes, limits) => {
        const stack = new RecencyStack({ sizes, limits, countsStale: true });
        let now = 0;
        for (const [what, key, pause] of happened) {
          now += pause;
          if (what === 'read') stack.requestAll(Uint32Array.of(key), Float64Array.of(now));
          else stack[what](key);
        }
        const counted = sizes.map((_, i) => [stack.misses[i], stack.staleHits[i]]);
        expect(counted).toEqual(sizes.map((size) => plainStale(happened, size, limits)));
      }),
      { numRuns: 300 },
    );
  });

  it('begins anew when it is cleared', () => {
    fc.assert(
      fc.property(
        traces,
        traces,
        sizesOfAnyKind,
        limitsOfAnyKind,
        (first, second, sizes, limits) => {
          const stack = new RecencyStack({ sizes, limits });
          stack.requestAll(Uint32Array.from(first.keys), Float64Array.from(first.seconds));
          stack.clear();
          stack.requestAll(Uint32Array.from(second.keys), Float64Array.from(second.seconds));
          const [before, after] = [
            stackMisses(first, { sizes, limits }),
            stackMisses(second, { sizes, limits }),
          ];
          expect([...stack.misses]).toEqual(before.map((misses, i) => misses + after[i]!));
        },
      ),
    );
  });
});
