import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { asRead } from '../fixtures/as-read.ts';
import type { SimulatedFleet } from './simulate.ts';
import { askedFleets, type SimulatedTrace } from './simulated-trace.ts';
import { simulationReport } from './simulation-report.ts';
import { TraceReader, type TraceReaderOptions } from './trace/trace-reader.ts';

/** 1,000 requests for 40 keys, as CSV over 100 seconds and as keys alone. */
const TIMED = ['time,key', ...Array.from({ length: 1_000 }, (_, i) => `${i / 9.99},k${i % 40}`)];
const KEYS = Array.from({ length: 1_000 }, (_, i) => `k${i % 40}`);

async function read(lines: string[], options: Partial<TraceReaderOptions> = {}) {
  const reader = new TraceReader(options);
  const source = Readable.from([Buffer.from(`${lines.join('\n')}\n`, 'latin1')]);
  for await (const _ of reader.batches(source));
  return reader;
}

const [timed, untimed] = [await read(TIMED), await read(KEYS)];

const fleet = (
  workers: number,
  maxEntries: number,
  misses: number,
  shared = false,
): SimulatedFleet => ({
  ...{ workers, maxEntries, misses, shared },
  ...{ staleReads: 0, standardError: misses / 100 },
});
const FLEETS = [
  ...[fleet(1, 50, 500), fleet(1, 100, 400), fleet(1, 100, 400, true)],
  ...[fleet(4, 50, 900), fleet(4, 100, 800), fleet(4, 200, 350), fleet(4, 400, 200, true)],
];

const TRACE: SimulatedTrace = {
  ...{ name: 'access.csv', reader: timed, fleets: FLEETS },
  ...{ maxEntries: 100, timeoutSeconds: 300, sample: 1 },
};
const reported = (changes: Partial<SimulatedTrace> = {}) =>
  simulationReport({ ...TRACE, ...changes });
const figuresOf = (changes?: Partial<SimulatedTrace>) => reported(changes).exhibits.map(asRead);
const sentenceOf = (changes: Partial<SimulatedTrace>) =>
  reported(changes).verdict!.sentence.replaceAll('\u00a0', ' ');

describe('the figures', () => {
  test('set separate caches beside a shared one, and beside smaller and larger ones', () => {
    expect(figuresOf()).toEqual([
      [
        'hit-rate-by-workers',
        'Hit rate against the number of workers',
        'The same requests in the same order, through a cache in each worker and through one that all workers share.',
        'hit rate, computed: 100 entries in each worker: 1 workers 60.0 %, 4 workers 20.0 %',
        'hit rate, computed: one shared cache of N × 100: 1 workers 60.0 %, 4 workers 80.0 %',
      ],
      [
        'origin-queries',
        'Queries to the database',
        'Misses per second, on average over the time of the trace.',
        'origin queries per second, computed: 100 entries in each worker: 1 worker 4, 4 workers 8',
        'origin queries per second, computed: one shared cache of N × 100: 1 worker 4, 4 workers 2',
      ],
      [
        'hit-rate-by-capacity',
        'Hit rate against the entries of each worker',
        'What larger or smaller caches in every worker would do with this traffic.',
        'hit rate, computed: 1 worker: 50 entries in each worker 50.0 %, 100 entries in each worker 60.0 %',
        'hit rate, computed: 4 workers: 50 entries in each worker 10.0 %, 100 entries in each worker 20.0 %, 200 entries in each worker 65.0 %',
      ],
      [
        'fleets',
        'All figures',
        'Every request of the trace was simulated.',
        'workers | cache | entries | hit rate | misses | origin queries/s',
        '1 | one each | 50 | 50.0 % | 500 | 5',
        '1 | one each | 100 | 60.0 % | 400 | 4',
        '1 | one, shared | 100 | 60.0 % | 400 | 4',
        '4 | one each | 50 | 10.0 % | 900 | 9',
        '4 | one each | 100 | 20.0 % | 800 | 8',
        '4 | one each | 200 | 65.0 % | 350 | 3.5',
        '4 | one, shared | 400 | 80.0 % | 200 | 2',
      ],
      [
        'trace',
        'The trace',
        'What was read, and what could not be.',
        'what | value',
        'trace | access.csv',
        'format | CSV',
        'lines | 1,001',
        'requests | 1,000',
        'different keys | 40',
        'first key | k0',
        'seconds from first to last | 100',
      ],
    ]);
  });

  test('of a sample of a trace without times say so, and how far they can be trusted', async () => {
    const reader = await read(KEYS, { sample: 0.5 });
    const [, bars, , fleets, trace] = figuresOf({ reader, sample: 0.5 });
    expect(bars!.slice(2)).toEqual([
      'Misses in the whole trace; it has no times.',
      'origin queries, computed: 100 entries in each worker: 1 worker 400, 4 workers 800',
      'origin queries, computed: one shared cache of N × 100: 1 worker 400, 4 workers 200',
    ]);
    expect(fleets!.slice(2, 5)).toEqual([
      'The error is twice the standard error by which keys are in the sample: 95 of 100 samples lie that near.',
      'workers | cache | entries | hit rate | misses | origin queries/s | ± points of hit rate',
      '1 | one each | 50 | 50.0 % | 500 | – | 1',
    ]);
    // Each of the 40 keys is asked for 25 times.
    expect(reader.table.size).toBeLessThan(40);
    expect(trace!.slice(5)).toEqual([
      'format | a key per line',
      'lines | 1,000',
      'requests | 1,000',
      `requests in the sample | ${25 * reader.table.size}`,
      `different keys in the sample | ${reader.table.size}`,
      `first key | ${reader.firstKey}`,
      'seconds from first to last | –',
    ]);
  });

  test('of one place and one size leave out what cannot be compared', () => {
    const fleets = [fleet(1, 100, 400), fleet(4, 100, 1_200)];
    const [curves, bars, table] = figuresOf({ fleets });
    // An estimate may be of more misses than there were requests.
    expect(curves!.slice(3)).toEqual([
      'hit rate, computed: 100 entries in each worker: 1 workers 60.0 %, 4 workers 0.0 %',
    ]);
    expect(bars!.slice(3)).toHaveLength(1);
    expect(table![0]).toBe('fleets');
  });

  test('have no bar where a number of workers was not simulated', () => {
    const [, bars] = figuresOf({ fleets: [fleet(1, 100, 400), fleet(4, 400, 200, true)] });
    expect(bars!.slice(3)).toEqual([
      'origin queries per second, computed: 100 entries in each worker: 1 worker 4, 4 workers –',
      'origin queries per second, computed: one shared cache of N × 100: 1 worker –, 4 workers 2',
    ]);
  });
});

test('the terminal has the caches that were asked for, not the curve over their size', () => {
  const asked = askedFleets(TRACE).map(({ workers, maxEntries }) => [workers, maxEntries]);
  expect(asked).toEqual([
    [1, 100],
    [1, 100],
    [4, 100],
    [4, 400],
  ]);
});

const TIMES = (times: string, misses: number, shared: number) =>
  `With 4 workers of 100 entries this traffic would query the database ${times} times as often as with one shared cache of 400 (${misses} against ${shared} times in 1,000 requests). `;

test.each<[about: string, fleets: SimulatedFleet[], said: string]>([
  [
    'only a shared cache',
    [fleet(1, 100, 400, true), fleet(4, 400, 200, true)],
    'One shared cache of 400 entries: 80.0 % hits, 200 of 1,000 requests to the database.',
  ],
  [
    'only separate caches',
    [fleet(1, 100, 400), fleet(4, 100, 800)],
    '4 workers of 100 entries: 20.0 % hits, 800 of 1,000 requests to the database.',
  ],
  [
    'one worker, which shares with nobody',
    [fleet(1, 100, 400), fleet(1, 100, 300, true)],
    '1 worker of 100 entries: 60.0 % hits, 400 of 1,000 requests to the database.',
  ],
  [
    'caches that do nearly as well',
    [fleet(4, 100, 209), fleet(4, 400, 200, true)],
    'With 4 workers of 100 entries this traffic would query the database as often as with one shared cache of 400 (79.1 % hits, 209 of 1,000 requests to the database): sharing gains nothing.',
  ],
  [
    'caches that are just too bad',
    [fleet(4, 100, 210), fleet(4, 400, 200, true)],
    `${TIMES('1.05', 210, 200)}Share the cache, or route requests by key.`,
  ],
  [
    'larger caches that make up for it',
    [fleet(1, 200, 1), fleet(4, 100, 800), fleet(4, 200, 200), fleet(4, 400, 200, true)],
    `${TIMES('4', 800, 200)}To query as seldom, each worker would need about 200 entries of its own.`,
  ],
  [
    'larger caches that do not',
    FLEETS,
    `${TIMES('4', 800, 200)}Even 200 entries in each worker would not be enough: share the cache, or route requests by key.`,
  ],
])('the sentence of %s', (_, fleets, said) => {
  expect(sentenceOf({ fleets })).toBe(said);
  expect(sentenceOf({ fleets, sample: 0.125 })).toBe(`${said} Estimated from 12.5 % of the keys.`);
});

test('a trace in which all is well is no cause for a warning', () => {
  expect(reported().verdict).toMatchObject({ agreement: 'not judged', findings: [] });
  expect(reported().warnings).toEqual([]);
  expect(reported({ reader: untimed, timeoutSeconds: null }).warnings).toEqual([]);
  expect(reported({ sample: 0.5 }).warnings).toEqual([]);
});

test('every doubt about a trace is told, with what to do', async () => {
  const doubtful = await read([
    ...TIMED,
    '90.5,k1',
    '40.5,k2',
    'late,k3',
    '9',
    '101,\xff',
    'never,k',
  ]);
  const { warnings, exhibits } = reported({ reader: doubtful, sample: 0.25 });
  for (const warning of warnings) expect(warning).toMatchObject({ kind: 'other', arm: null });
  const told = warnings.map(({ message, remedy }) => `${message} ${remedy}`);
  expect(told.map((text) => text.replaceAll('\u00a0', ' '))).toEqual([
    '2 lines left out: no time. The first is line 1004. Look at that line; set how lines are read with --format and --key-from.',
    '1 line left out: another number of fields than in the first line. The first is line 1005. Look at that line; set how lines are read with --format and --key-from.',
    'The time runs backwards in 2 lines, by 59.5 s at most. Such a line gets the time of the one before. Sort the trace by time if that is too much.',
    'Different keys that are not valid UTF-8: 1. Keys are compared byte by byte, so these count like all others. If the server saw them like this, do nothing.',
    'With --sample 0.25 a cache of 100 entries is simulated by one of 25, which is coarse. Use --sample 0.5 or more.',
  ]);
  expect(asRead(exhibits.at(-1)!).slice(-2)).toEqual([
    'lines left out: no time (first: line 1004) | 2',
    'lines left out: another number of fields than in the first line (first: line 1005) | 1',
  ]);
  const [expires, coarse] = reported({ reader: untimed, sample: 0.01, maxEntries: 10 }).warnings;
  expect(`${expires!.message} ${expires!.remedy}`).toBe(
    'The trace has no times, so nothing expires in this simulation. Give --rate to space the requests out, or a trace with times.',
  );
  // A sample of more than all keys is none.
  expect(coarse!.remedy).toBe('Use --sample 1 or more.');
});

test('stale reads have a column where there are any', () => {
  const fleets = [
    { ...fleet(1, 100, 400), staleReads: 0 },
    { ...fleet(4, 100, 800), staleReads: 7 },
  ];
  const table = reported({ fleets }).exhibits.find(({ id }) => id === 'fleets')!;
  expect(asRead(table).slice(3)).toEqual([
    'workers | cache | entries | hit rate | misses | origin queries/s | stale reads',
    '1 | one each | 100 | 60.0 % | 400 | 4 | 0',
    '4 | one each | 100 | 20.0 % | 800 | 8 | 7',
  ]);
});

describe('where it is known how long lookups take', () => {
  // Of one worker 40 % miss, of four 80 %; shared 40 % and 20 %.
  const lookups = { hit: 0.5, miss: 20, shared: 2 };

  test('the mean time stands in a chart and in the table', () => {
    const { exhibits } = reported({ lookups });
    expect(asRead(exhibits.find(({ id }) => id === 'latency-by-workers')!).slice(3)).toEqual([
      'milliseconds, computed: 100 entries in each worker: 1 workers 8.5, 4 workers 16.5',
      'milliseconds, computed: one shared cache of N × 100: 1 workers 10, 4 workers 6',
    ]);
    const [, , , head, , row] = asRead(exhibits.find(({ id }) => id === 'fleets')!);
    expect([head, row]).toEqual([
      'workers | cache | entries | hit rate | misses | origin queries/s | mean ms',
      '1 | one each | 100 | 60.0 % | 400 | 4 | 8.5',
    ]);
  });

  test.each([
    [
      lookups,
      'With 0.5 ms for a hit, 20 ms for a miss and 2 ms to the shared cache, a shared cache answers sooner from 4 workers on (6 ms on average).',
    ],
    [
      { ...lookups, shared: 13 },
      'With 0.5 ms for a hit, 20 ms for a miss and 13 ms to the shared cache, caches of their own answer sooner up to 4 workers.',
    ],
  ])('the sentence says from where on sharing pays: %o', (lookups, said) => {
    expect(sentenceOf({ lookups })).toMatch(new RegExp(`${RegExp.escape(said)}$`));
  });
});
