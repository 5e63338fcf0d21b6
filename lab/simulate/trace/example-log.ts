import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { createWorkload } from '../../traffic/workload.ts';
import type { TraceSource } from './trace-source.ts';

const LINES = 20_000;
const CLIENTS = 400;
const START = Date.UTC(2026, 0, 12, 9, 0, 0) / 1000;
const SECONDS = 3600;

/** A log as nginx writes it, made here and always the same: an hour of a small shop. */
export function exampleTrace(): TraceSource {
  const name = `the example, an hour of a small shop in ${LINES.toLocaleString('en')} lines made by the lab`;
  const text = Buffer.from(`${[...exampleLines()].join('\n')}\n`);
  return {
    ...{ name, bytes: text.length, bytesRead: () => text.length },
    async *chunks() {
      yield text;
    },
  };
}

/** What people ask for in the shop, out of a hundred, and how it is answered. */
const KINDS = [
  { share: 62, line: (key: number) => `"GET /products/${key} HTTP/1.1" 200 ${3000 + (key % 900)}` },
  {
    share: 18,
    line: (key: number) => `"GET /users/${key}?tab=orders HTTP/1.1" 200 ${900 + (key % 400)}`,
  },
  { share: 10, line: () => '"GET / HTTP/1.1" 200 5120' },
  { share: 5, line: () => '"POST /cart HTTP/1.1" 201 64' },
  { share: 2, line: (key: number) => `"PUT /products/${key} HTTP/1.1" 204 0` },
  { share: 2, line: (key: number) => `"GET /old/${key} HTTP/1.1" 404 153` },
  { share: 1, line: () => '"HEAD / HTTP/1.1" 200 0' },
] as const;

function* exampleLines(): Generator<string> {
  const products = createWorkload({ popularity: 'zipf', zipf: 0.9, keys: 3000, seed: 1 });
  const random = xoroshiro128plus(1);
  const below = (limit: number) => Math.floor(((random.next() >>> 0) / 2 ** 32) * limit);
  for (let i = 0; i < LINES; i++) {
    const client = below(CLIENTS);
    const time = clfTime(START + Math.floor((i * SECONDS) / LINES));
    const request = kindAt(below(100)).line(products.next());
    yield `10.0.${client >> 8}.${client & 255} - - [${time}] ${request} "-" "Mozilla/5.0 (X11; Linux x86_64)"`;
  }
}

function kindAt(place: number): (typeof KINDS)[number] {
  let before = 0;
  for (const kind of KINDS) {
    before += kind.share;
    if (place < before) return kind;
  }
  return KINDS[0];
}

/** `12/Jan/2026:09:00:00 +0000` */
function clfTime(seconds: number): string {
  const [, day, month, year, clock] = new Date(seconds * 1000).toUTCString().split(' ');
  return `${day}/${month}/${year}:${clock} +0000`;
}
