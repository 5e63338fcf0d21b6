import {
  beside,
  locmem,
  lruOfJson,
  lruOfTexts,
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
