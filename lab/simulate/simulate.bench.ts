import { Readable } from 'node:stream';
import { DenseIndex, MixedIndex } from '../../scenarios/theory/key-index.ts';
import { ModelCache } from '../../scenarios/theory/model-cache.ts';
import { RecencyStack } from '../../scenarios/theory/recency-stack.ts';
import { createWorkload } from '../traffic/workload.ts';
import { TraceSimulation } from './simulate.ts';
import { TraceReader } from './trace/trace-reader.ts';
import type { KeyFrom } from './trace/traced-request.ts';

export const title = 'Simulation: requests per second, parsing of logs, memory';

/** Figures of one thread, by the processor's time, so that neighbours on the machine count less. */
export async function run(print: (line: string) => void): Promise<void> {
  simulateRequests(print);
  simulateCurve(print);
  await readLongTrace(print);
  await parseLogs(print);
}

const REQUESTS = 2_000_000;
const ROUNDS = 10;
/** Set on another machine; the ratio to the bare loop tells how this one compares. */
const AIM = 80e6;

/** Zipf 0.99 over 10,000 keys, 1,000 entries; against a bare loop of a strict LRU and nothing else. */
function simulateRequests(print: (line: string) => void): void {
  const workload = createWorkload({ popularity: 'zipf', zipf: 0.99, keys: 10_000, seed: 1 });
  const keys = Uint32Array.from({ length: REQUESTS }, () => workload.next());
  const seconds = Float64Array.from(keys, (_, i) => i / 1000);
  const caches = {
    "Django's cull": { maxEntries: 1000, timeoutSeconds: null, cullFrequency: 3 },
    'strict LRU': { maxEntries: 1000, timeoutSeconds: null, cullFrequency: 3, policy: 'lru' },
    "Django's cull and timeout": { maxEntries: 1000, timeoutSeconds: 300, cullFrequency: 3 },
  } as const;
  let bare = 0;
  const best: Record<string, number> = {};
  for (let round = 0; round < ROUNDS; round++) {
    bare = Math.max(
      bare,
      rate(REQUESTS, () => bareLru(keys, 10_000, 1000)),
    );
    for (const [name, limits] of Object.entries(caches)) {
      const cache = new ModelCache(limits, { index: new DenseIndex(10_000) });
      const once = rate(REQUESTS, () => cache.requestAll(keys, seconds));
      best[name] = Math.max(best[name] ?? 0, once);
    }
  }
  print(`a bare loop of a strict LRU: ${millions(bare)} M requests/s`);
  for (const [name, speed] of Object.entries(best)) {
    const verdict =
      speed >= AIM ? 'reached' : `missed by ${(100 * (1 - speed / AIM)).toFixed(0)} %`;
    print(
      `${name}: ${millions(speed)} M requests/s (aim: 80, ${verdict}), ${(speed / bare).toFixed(2)} × the bare loop`,
    );
  }
}

const SIZES = [125, 250, 500, 1000, 2000, 4000, 8000];

/** Seven sizes at once, against a model for each of them: both exact, with an index of the same kind. */
function simulateCurve(print: (line: string) => void): void {
  const workload = createWorkload({ popularity: 'zipf', zipf: 0.99, keys: 100_000, seed: 1 });
  const keys = Uint32Array.from({ length: REQUESTS }, () => workload.next());
  const seconds = Float64Array.from(keys, (_, i) => i / 1000);
  const caches = {
    'strict LRU': { timeoutSeconds: null, cullFrequency: 3, policy: 'lru' },
    "Django's cull and timeout": { timeoutSeconds: 300, cullFrequency: 3 },
  } as const;
  for (const [name, limits] of Object.entries(caches)) {
    let [apart, together] = [0, 0];
    for (let round = 0; round < ROUNDS; round++) {
      const models = SIZES.map(
        (maxEntries) =>
          new ModelCache(
            { ...limits, maxEntries },
            { index: new MixedIndex(2 ** 20), remembered: 0 },
          ),
      );
      const stack = new RecencyStack({ sizes: SIZES, limits, index: new MixedIndex(2 ** 20) });
      const once = rate(REQUESTS, () => {
        for (const model of models) model.requestAll(keys, seconds);
      });
      apart = Math.max(apart, once);
      together = Math.max(
        together,
        rate(REQUESTS, () => stack.requestAll(keys, seconds)),
      );
    }
    print(
      `seven sizes of ${name}: ${millions(together)} M requests/s in one pass, ${millions(apart)} M one after the other, ${(together / apart).toFixed(1)} ×`,
    );
  }
}

/** As little as a strict LRU over whole numbers can be: the measure of this machine. */
function bareLru(keys: Uint32Array, different: number, maxEntries: number): number {
  const end = different;
  const newer = new Int32Array(different + 1).fill(end);
  const older = new Int32Array(different + 1).fill(end);
  const held = new Uint8Array(different + 1);
  let size = 0;
  let hits = 0;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    if (held[key] === 1) {
      hits++;
      newer[older[key]!] = newer[key]!;
      older[newer[key]!] = older[key]!;
    } else {
      if (size === maxEntries) {
        const last = newer[end]!;
        held[last] = 0;
        newer[end] = newer[last]!;
        older[newer[last]!] = end;
      } else size++;
      held[key] = 1;
    }
    const first = older[end]!;
    older[end] = key;
    newer[key] = end;
    older[key] = first;
    newer[first] = key;
  }
  return hits;
}

const LOG_LINES = 500_000;

async function parseLogs(print: (line: string) => void): Promise<void> {
  const chunks = [...logChunks(LOG_LINES)];
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  for (const keyFrom of ['url', 'path', /GET \/users\/(\d+)/] as const) {
    let best = 0;
    for (let round = 0; round < 3; round++) {
      const before = process.cpuUsage().user;
      const reader = await readAll(Readable.from(chunks), keyFrom);
      if (reader.requests !== LOG_LINES) throw new Error('The log was not read whole.');
      best = Math.max(best, bytes / (process.cpuUsage().user - before));
    }
    print(`an access log, key by ${keyFrom}: ${best.toFixed(0)} MB/s`);
  }
}

const LONG_LINES = 10_000_000;

/** Ten million lines, 100,000 different keys, four fleets: what it costs beside an empty process. */
async function readLongTrace(print: (line: string) => void): Promise<void> {
  const before = process.memoryUsage().rss;
  const reader = newReader('url');
  const simulation = new TraceSimulation({
    workers: [1, 4, 16],
    routing: 'random',
    backends: ['locmem', 'shared'],
    limits: { maxEntries: 300, timeoutSeconds: 300, cullFrequency: 3 },
    capacities: [],
    sample: 1,
    seed: 1,
    hashOf: (key) => reader.table.hashOf(key),
  });
  let most = before;
  const started = performance.now();
  for await (const batch of reader.batches(Readable.from(logChunks(LONG_LINES)))) {
    simulation.run(batch);
    most = Math.max(most, process.memoryUsage.rss());
  }
  const seconds = (performance.now() - started) / 1000;
  print(
    `${LONG_LINES / 1e6} million lines, ${reader.table.size.toLocaleString('en-US')} keys, fleets of 1, 4 and 16: ` +
      `${seconds.toFixed(0)} s with making the lines, at most ${((most - before) / 2 ** 20).toFixed(0)} MiB more than before`,
  );
}

async function readAll(source: AsyncIterable<Buffer>, keyFrom: KeyFrom) {
  const reader = newReader(keyFrom);
  for await (const _ of reader.batches(source));
  return reader;
}

function newReader(keyFrom: KeyFrom): TraceReader {
  return new TraceReader({ keyFrom });
}

/** A log in the Combined format, made as it is read. */
function* logChunks(lines: number): Generator<Buffer> {
  const workload = createWorkload({ popularity: 'zipf', zipf: 0.9, keys: 100_000, seed: 2 });
  let text = '';
  for (let line = 0; line < lines; line++) {
    const second = String(Math.floor(line / 200) % 60).padStart(2, '0');
    const minute = String(Math.floor(line / 12_000) % 60).padStart(2, '0');
    text +=
      `10.0.${line % 250}.${line % 199} - - [10/Oct/2023:13:${minute}:${second} +0000] ` +
      `"GET /users/${workload.next()}?tab=orders HTTP/1.1" 200 ${line % 5000} "-" "Mozilla/5.0 (X11; Linux x86_64)"\n`;
    if (text.length > 64 * 1024) {
      yield Buffer.from(text);
      text = '';
    }
  }
  yield Buffer.from(text);
}

/** Calls per second of processor time. */
function rate(calls: number, work: () => unknown): number {
  const before = process.cpuUsage().user;
  work();
  return (calls * 1e6) / (process.cpuUsage().user - before);
}

const millions = (value: number) => (value / 1e6).toFixed(0);
