import { describe, expect, test } from 'vitest';
import { armsOf } from '../kit/fixtures/arm.ts';
import { disagreeing, judged } from '../kit/fixtures/judged.ts';
import { factsOf, planned, refusals } from '../kit/fixtures/options.ts';
import { memory } from './scenario.ts';

const MIB = 1024 ** 2;

/** A hundred documents of 0.125 MiB in each worker; `grown`: by how much each heap grew, in MiB. */
function arm(workers: number, { grown = 13, entries = 100 * workers } = {}) {
  return armsOf(memory)({
    workers,
    workload: { popularity: 'zipf', zipf: 0.8, keys: 100, seed: 1 },
    observations: {
      weighed: Array.from({ length: workers }, (_, i) => ({
        slot: i + 1,
        before: { entries: 0, contentBytes: 0, heapUsedBytes: 20 * MIB, rssBytes: 70 * MIB },
        after: {
          ...{ entries: 100, contentBytes: 12.5 * MIB },
          ...{ heapUsedBytes: (20 + grown) * MIB, rssBytes: (115 + i) * MIB },
        },
      })),
    },
    phases: [{ totals: { entries, uniqueEntries: 99, duplicationFactor: entries / 100 } }],
  });
}

const growth = 'growth of the heaps of all workers, with 4 workers';

describe('workers with the same content', () => {
  test('hold it once each, in N times the memory', () => {
    const copies = 'formula: each process holds its own copy';
    const around =
      '5 % and 0.5 MiB per worker either way, for memory that is not content; formula: entries × bytes of each document, in the memory of each process';
    // 12.5 MiB ± 5 % ± 0.5 MiB is 11.375 to 13.625 MiB; of four workers four times that.
    expect(judged(memory, [arm(1), arm(4)])).toEqual({
      agreement: 'agrees',
      sentence:
        'The same 100 documents take 13.0 MiB in one worker and 52.0 MiB in 4: 400 entries for 99 ' +
        'distinct pages. Including the processes, the fleets take 115.0 MiB and 466.0 MiB.',
      findings: [
        `C4 users' pages held in all workers together, with 1 worker: 100 entries of 100 (exactly; ${copies}) ✔`,
        'C4 duplication factor, with 1 worker: 1 copies of 1 (exactly; formula: entries held ÷ distinct entries) ✔',
        `C2 growth of the heaps of all workers, with 1 worker: ${rounded(13)} bytes of ${rounded(12.5)} (${rounded(11.375)} to ${rounded(13.625)}: ${around}) ✔`,
        `C4 resident memory of all workers at the end, with 1 worker: ${rounded(115)} bytes ·`,
        `C4 users' pages held in all workers together, with 4 workers: 400 entries of 400 (exactly; ${copies}) ✔`,
        'C4 duplication factor, with 4 workers: 4 copies of 4 (exactly; formula: entries held ÷ distinct entries) ✔',
        `C2 ${growth}: ${rounded(52)} bytes of ${rounded(50)} (${rounded(45.5)} to ${rounded(54.5)}: ${around}) ✔`,
        `C4 resident memory of all workers at the end, with 4 workers: ${rounded(466)} bytes ·`,
      ],
      exhibits: [
        [
          'bars memory-by-fleet: Memory for the same content',
          'Every worker keeps its own copy. Resident memory also holds the program itself, once for each process.',
          'y: memory, bytes',
          '1 worker | 4 workers',
          `distinct content, expected: ${rounded(12.5)} | ${rounded(12.5)}`,
          `growth of all heaps, measured: ${rounded(13)} | ${rounded(52)}`,
          `growth of resident memory, measured: ${rounded(45)} | ${rounded(186)}`,
        ],
        [
          'table memory-by-worker: Entries and memory of each worker',
          'Measured by each worker, after garbage collection, before and after its cache was filled.',
          'arm | worker (count) | documents (count) | content (bytes) | heap before (bytes) | heap after (bytes) | resident after (bytes)',
          ...[
            ['1 worker', 1],
            ['4 workers', 1],
            ['4 workers', 2],
            ['4 workers', 3],
            ['4 workers', 4],
          ].map(
            ([fleet, slot]) =>
              `${fleet} | ${slot} | 100 | ${[12.5, 20, 33, 114 + Number(slot)].map(rounded).join(' | ')}`,
          ),
        ],
      ],
    });
  });

  test.each([
    [45.4, [growth]],
    [45.6, []],
    [54.4, []],
    // The tolerance is 4.5 MiB, and not twice that.
    [54.6, [growth]],
    [58, [growth]],
    [12.5, [growth]],
  ])('whose heaps grew by %f MiB in all instead of 50', (grown, wrong) => {
    expect(disagreeing(memory, [arm(4, { grown: grown / 4 })])).toEqual(wrong);
  });

  test('that do not hold it once each disagree', () => {
    expect(disagreeing(memory, [arm(4, { entries: 100 })])).toEqual([
      "users' pages held in all workers together, with 4 workers",
      'duplication factor, with 4 workers',
    ]);
  });

  test('are not told of where there is one', () => {
    expect(judged(memory, [arm(1)]).sentence).toBe(
      'One worker holds 100 documents in 13.0 MiB of its own memory; give --workers 4 to see it multiplied.',
    );
  });
});

/** MiB in bytes, to six digits. */
function rounded(mebibytes: number): number {
  return Number((mebibytes * MIB).toPrecision(6));
}

test('what it is about, and what it plans', () => {
  const once = 'each worker gets one request per key, over its own connection.';
  const each = 'each worker gets one request per key.';
  expect(factsOf(memory)).toEqual({
    name: 'memory',
    question: 'How much memory does the same content take when N workers cache it?',
    claims: ['C2', 'C4'],
    seconds: 5,
    originOrders: 4_000,
    defaults: { keys: 100 },
    quick: { workers: [2], keys: 50 },
    unused: {
      ...{ requests: once, connections: once, routing: once, ratePerSecond: once },
      ...{ zipf: each, popularity: each },
    },
  });
  const own = { routing: 'fresh', connections: 1, features: ['documents'] };
  expect(planned(memory)).toEqual([
    { name: '1 worker', workers: 1, ...own },
    { name: '4 workers', workers: 4, ...own },
  ]);
});

test('what it refuses', () => {
  expect(refusals(memory, { keys: 50, timeoutSeconds: 60 })).toEqual([]);
  expect(refusals(memory, { keys: 1_000, maxEntries: 1_000 })).toEqual([]);
  expect(refusals(memory, { keys: 49, timeoutSeconds: 59 })).toEqual([
    'keys: fewer documents do not stand out; use 50 or more',
    'timeoutSeconds: entries would expire while it runs; 60 is enough',
  ]);
  expect(refusals(memory, { keys: 1_001 })).toEqual([
    'keys: a cache holds 300 entries (--max-entries), and nothing may be evicted here',
    'keys: more than 1000 documents may fill the memory',
  ]);
});
