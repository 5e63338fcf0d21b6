import { LRUCache } from 'lru-cache';
import {
  beside,
  type Contender,
  locmem,
  MAX_ENTRIES,
  millions,
  perSecond,
  zipfStream,
} from './contenders.ts';

export const title = 'The cache: get, then set on a miss; Zipf 0.99, 10,000 keys, 1,000 entries';

/** One line per kind of value, with requests per second of processor time. */
export async function run(print: (line: string) => void): Promise<void> {
  const stream = zipfStream(200_000);
  // Objects take longer; a part of the stream is enough.
  const part = { ...stream, requests: stream.requests.subarray(0, 40_000) };
  const value = 'x'.repeat(100);
  const text = () => value;
  for (const [what, ours, theirs, rival, requests] of [
    ['strings', locmem(text), lruOfTexts(text), 'lru-cache', stream],
    ['objects, flat', locmem(flatObject), lruOfJson(flatObject), 'JSON in lru-cache', part],
    ['objects, nested', locmem(nestedObject), lruOfJson(nestedObject), 'JSON in lru-cache', part],
  ] as const) {
    const [our, their] = (await perSecond([ours, theirs], requests)) as [number, number];
    print(
      `${what}: ${beside(our, their, 1)}: ${millions(our)}, ${rival} with a ttl ${millions(their)}`,
    );
  }
}

/** lru-cache with a ttl, holding the text itself: what it holds needs no copy. */
function lruOfTexts(make: () => string): Contender {
  const cache = new LRUCache<string, string>({ max: MAX_ENTRIES, ttl: 300_000 });
  return {
    serve({ keys, requests }) {
      let misses = 0;
      for (let i = 0; i < requests.length; i += 1) {
        const key = keys[requests[i]!]!;
        if (cache.get(key) !== undefined) continue;
        misses += 1;
        cache.set(key, make());
      }
      return misses;
    },
  };
}

/** lru-cache with a ttl, holding JSON text: the usual way to get a copy out of it. */
function lruOfJson(make: () => unknown): Contender {
  const cache = new LRUCache<string, string>({ max: MAX_ENTRIES, ttl: 300_000 });
  const read = (key: string): unknown => {
    const text = cache.get(key);
    return text === undefined ? undefined : JSON.parse(text);
  };
  return {
    serve({ keys, requests }) {
      let misses = 0;
      for (let i = 0; i < requests.length; i += 1) {
        const key = keys[requests[i]!]!;
        if (read(key) !== undefined) continue;
        misses += 1;
        cache.set(key, JSON.stringify(make()));
      }
      return misses;
    },
  };
}

function flatObject(): object {
  const name = 'Ada Lovelace';
  return { id: 7, name, email: 'ada@example.org', active: true, balance: 12.5, city: 'London' };
}

/** A user's page: the user, and what was ordered. */
function nestedObject(): object {
  return {
    ...flatObject(),
    tags: ['a', 'b', 'c'],
    orders: [
      { id: 1, total: 10.5, paid: true },
      { id: 2, total: 7.25, paid: false },
      { id: 3, total: 3, paid: true },
    ],
  };
}
