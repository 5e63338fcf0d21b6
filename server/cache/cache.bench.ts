import { djangoSpeed } from './bench/django.ts';
import { memoryPerEntry } from './bench/memory.ts';
import { longestSet } from './bench/pause.ts';
import { type Stream, zipfStream } from './bench/stream.ts';
import {
  type Comparison,
  compare,
  locmem,
  lruOfJson,
  lruOfTexts,
  perSecond,
} from './bench/throughput.ts';

export const title = 'The cache: get, then set on a miss; Zipf 0.99, 10,000 keys, 1,000 entries';

/**
 * Prints one line per figure, each as a ratio where there is something to compare with. Speeds are
 * requests per second of processor time.
 */
export async function run(print: (line: string) => void): Promise<void> {
  const stream = zipfStream(10_000, 0.99, 200_000);
  // Objects take longer; a part of the stream is enough.
  const part = { ...stream, requests: stream.requests.subarray(0, 40_000) };
  const text = 'x'.repeat(100);
  print(
    line(
      'strings',
      await compare(
        locmem(() => text),
        lruOfTexts(() => text),
        stream,
      ),
    ),
  );
  for (const [name, make] of [
    ['objects, flat', flatObject],
    ['objects, nested', nestedObject],
  ] as const) {
    print(line(name, await compare(locmem(make), lruOfJson(make), part), 'JSON in lru-cache'));
  }
  print(besideDjango(stream, text));
  const memory = memoryPerEntry(100_000);
  print(
    `memory per entry: ${bytes(memory.ours)} (${bytes(memory.oursRemembering)} when it remembers as many departed ones), lru-cache ${bytes(memory.lru)}: ${times(memory.ours / memory.lru)}`,
  );
  const pause = longestSet(1_000_000);
  print(
    `longest set in a full cache of 1,000,000: ${pause.oursMillis.toFixed(1)} ms (culling a third takes ${pause.cullMillis.toFixed(1)} ms), lru-cache ${pause.lruMillis.toFixed(1)} ms: ${times(pause.oursMillis / pause.lruMillis)}`,
  );
}

function line(name: string, result: Comparison, rival = 'lru-cache'): string {
  const { ratio, oursPerSecond, theirsPerSecond } = result;
  const speeds = `${millions(oursPerSecond)}/s, ${rival} with a ttl ${millions(theirsPerSecond)}/s`;
  return `${name}: ${times(ratio)} (${speeds}) ${verdict(ratio, 1)}`;
}

function besideDjango(stream: Stream, text: string): string {
  const django = djangoSpeed(stream, text);
  if ('missing' in django) return `against the real Django: not measured. ${django.missing}`;
  const cache = locmem(() => text);
  const misses = cache.serve(stream);
  if (misses !== django.misses) throw new Error(`Django missed ${django.misses}, ours ${misses}.`);
  const ours = perSecond(cache, stream);
  const ratio = ours / django.perSecond;
  return `against the real Django, as applications call it: ${times(ratio)} (${millions(ours)}/s, Django ${millions(django.perSecond)}/s; its bare backend ${millions(django.barePerSecond)}/s, ${times(ours / django.barePerSecond)}) ${verdict(ratio, 50)}`;
}

function verdict(ratio: number, target: number): string {
  if (ratio >= target) return `target ${target}× reached`;
  return `target ${target}× missed by ${(100 * (1 - ratio / target)).toFixed(0)} %`;
}

function times(ratio: number): string {
  return `${ratio.toFixed(ratio < 10 ? 2 : 0)}×`;
}

function millions(perSecond: number): string {
  return `${(perSecond / 1e6).toFixed(2)} M`;
}

function bytes(count: number): string {
  return `${Math.round(count)} B`;
}

function flatObject(): unknown {
  const name = 'Ada Lovelace';
  return { id: 7, name, email: 'ada@example.org', active: true, balance: 12.5, city: 'London' };
}

/** A user's page: the user, and what was ordered. */
function nestedObject(): unknown {
  return {
    ...(flatObject() as object),
    tags: ['a', 'b', 'c'],
    orders: [
      { id: 1, total: 10.5, paid: true },
      { id: 2, total: 7.25, paid: false },
      { id: 3, total: 3, paid: true },
    ],
  };
}

if (import.meta.main) {
  process.stdout.write(`${title}\n`);
  await run((text) => process.stdout.write(`${text}\n`));
}
