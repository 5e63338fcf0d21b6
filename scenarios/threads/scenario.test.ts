import { describe, expect, test } from 'vitest';
import { armsOf } from '../kit/fixtures/arm.ts';
import { disagreeing, judged } from '../kit/fixtures/judged.ts';
import { factsOf, planned, refusals } from '../kit/fixtures/options.ts';
import { within } from '../theory/estimate.ts';
import { threads } from './scenario.ts';

const arm = armsOf(threads);

/** Each worker answered so many updates; the counters show what `counters` says. */
const raised = (
  updates: number,
  counters: number[],
  { pid = 4711, different = counters } = {},
) => ({
  updates: updates * counters.length,
  threads: counters.map((counter, i) => ({
    ...{ slot: i + 1, pid, updates, counter, differentAnswers: different[i]! },
  })),
});

const oneProcess = (counter = 1_500, different = counter) =>
  arm({
    ...{ name: '1 process', workers: 1 },
    observations: {
      oneStep: raised(1_500, [counter], { different: [different] }),
      twoSteps: raised(80, [29]),
    },
  });

/** `misses` of an expected 60; `pids`: of their processes. */
const threeThreads = (counters = [50, 50, 50], misses = 61, pids = [7, 7, 7]) => {
  const { updates, threads } = raised(50, counters);
  return arm({
    ...{ name: '3 threads', workers: 3, launcher: 'threads' },
    phases: [
      {
        totals: { misses: { cold: misses - 3, expired: 2, evicted: 1 } },
        expected: {
          misses: within(60, { low: 55, high: 65, reason: 'a test' }, 'it'),
          hitRate: within(0.5, { low: 0.4, high: 0.6, reason: 'a test' }, 'it'),
        },
      },
    ],
    observations: {
      oneStep: { updates, threads: threads.map((one, i) => ({ ...one, pid: pids[i]! })) },
      twoSteps: raised(40, [31, 32, 33]),
    },
  });
};

describe('updates', () => {
  test('in one step lose none in a process, and each thread counts for itself', () => {
    expect(judged(threads, [oneProcess(), threeThreads()])).toEqual({
      agreement: 'agrees',
      sentence:
        '1,500 updates at once by incr in one process left exactly that count, where reading and ' +
        'writing in two steps lost 51 of 80. 3 threads of one process answered 150 more, and the ' +
        'highest counter among them showed 50.',
      findings: [
        'C7 1 process: the counter after 1,500 updates at once by incr: 1500 updates of 1500 (exactly; construction: one thread runs at a time, and incr does not wait: nothing interrupts it) ✔',
        'C7 1 process: answers that no other update got: 1500 answers of 1500 (exactly; construction: one thread runs at a time, and incr does not wait: nothing interrupts it) ✔',
        '– 1 process: updates lost by reading and writing in two steps: 51 updates ·',
        '– 3 threads: processes they are in: 1 processes of 1 (exactly; formula: threads belong to one process) ✔',
        'C8 3 threads: threads whose counter shows their own updates and no others: 3 threads of 3 (exactly; formula: each Node thread has its own memory) ✔',
        "C8 3 threads: misses of the users' pages: 61 misses of 60 (55 to 65: a test; formula: it) ✔",
        '– 3 threads: updates lost by reading and writing in two steps: 24 updates ·',
      ],
      exhibits: [
        [
          'table counters: One counter, raised in one step',
          'Each worker shows its own counter, though the threads have one process number.',
          'arm | worker (count) | process | updates that it answered (count) | its counter (count)',
          '1 process | 1 | 4711 | 1500 | 1500',
          '3 threads | 1 | 7 | 50 | 50',
          '3 threads | 2 | 7 | 50 | 50',
          '3 threads | 3 | 7 | 50 | 50',
        ],
        [
          'bars lost: Updates lost',
          'Of all updates, those that no counter shows. Safety is a matter of the step, not only of the cache.',
          'y: updates lost, percent',
          '1 process | 3 threads',
          'incr: one step, measured: 0 | 0',
          'get, wait, set: two steps, measured: 0.6375 | 0.2',
        ],
      ],
    });
  });

  test('of which one was lost, or of which two got the same answer, disagree', () => {
    const lossy = [oneProcess(1_499, 1_500), threeThreads()];
    expect(disagreeing(threads, lossy)).toEqual([
      '1 process: the counter after 1,500 updates at once by incr',
    ]);
    const { sentence, exhibits } = judged(threads, lossy);
    expect(sentence).toContain('left 1 of them lost, where');
    expect(exhibits[1]!.at(-2)).toBe('incr: one step, measured: 0.000666667 | 0');
    expect(disagreeing(threads, [oneProcess(1_500, 1_499)])).toEqual([
      '1 process: answers that no other update got',
    ]);
  });
});

describe('threads', () => {
  test('that share a counter or their pages disagree', () => {
    expect(disagreeing(threads, [threeThreads([150, 150, 150])])).toEqual([
      '3 threads: threads whose counter shows their own updates and no others',
    ]);
    expect(disagreeing(threads, [threeThreads([50, 50, 50], 20)])).toEqual([
      "3 threads: misses of the users' pages",
    ]);
  });

  test('that are processes disagree', () => {
    expect(disagreeing(threads, [threeThreads([50, 50, 50], 61, [7, 8, 7])])).toEqual([
      '3 threads: processes they are in',
    ]);
  });

  test('that nobody asked show nothing', () => {
    const idle = threeThreads([0, 0, 0]);
    const threadsOf = idle.observations.oneStep.threads.map((one) => ({ ...one, updates: 0 }));
    const oneStep = { updates: 0, threads: threadsOf };
    const unasked = { ...idle, observations: { ...idle.observations, oneStep } };
    expect(disagreeing(threads, [unasked])).toEqual([
      '3 threads: threads whose counter shows their own updates and no others',
    ]);
    expect(judged(threads, [unasked]).exhibits[1]!.at(-2)).toBe('incr: one step, measured: –');
  });

  test('are told of after the process, the last of them', () => {
    const alone = judged(threads, [oneProcess()]).sentence;
    expect(alone).toMatch(/in two steps lost 51 of 80\.$/);
    const more = { ...threeThreads(), name: '8 threads', workers: 8 };
    expect(judged(threads, [oneProcess(), threeThreads(), more]).sentence).toContain(
      '8 threads of',
    );
    expect(judged(threads, [threeThreads()]).sentence).toMatch(/^Nothing was measured\./);
  });
});

test('what it is about, and what it plans', () => {
  const stay = 'its few entries must stay in their caches while it runs.';
  expect(factsOf(threads)).toEqual({
    name: 'threads',
    question: 'Thread-safe: for which threads, and for which operations?',
    claims: ['C7', 'C8'],
    seconds: 4,
    originOrders: 5_000,
    defaults: { requests: 10_000, connections: 100 },
    quick: { workers: [2], requests: 1_000, connections: 40 },
    unused: {
      ...{ maxEntries: stay, timeoutSeconds: stay, cullFrequency: stay },
      launchers: 'one arm is a process and the other its threads; it starts both itself.',
      routing: 'it uses many open connections, the same for processes and threads.',
      ratePerSecond: 'the updates must come all at once.',
    },
  });
  expect(planned(threads, { workers: [2, 4] })).toEqual([
    { name: '1 process', workers: 1, features: ['counters'] },
    { name: '2 threads', workers: 2, launcher: 'threads', features: ['counters'] },
    { name: '4 threads', workers: 4, launcher: 'threads', features: ['counters'] },
  ]);
});

test('what it refuses', () => {
  expect(refusals(threads, { requests: 500 })).toEqual([]);
  expect(refusals(threads, { workers: [1, 4], keys: 301, requests: 499 })).toEqual([
    'workers: a single thread has no other to share with; give 2 or more',
    'keys: a cache holds 300 entries (--max-entries), and nothing may be evicted here',
    'requests: a fifth of them request pages, fewer than there are connections; use 500 or more',
  ]);
});
