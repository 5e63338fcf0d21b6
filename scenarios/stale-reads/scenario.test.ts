import { describe, expect, test } from 'vitest';
import { armsOf } from '../kit/fixtures/arm.ts';
import { disagreeing, judged } from '../kit/fixtures/judged.ts';
import { factsOf, planned, refusals } from '../kit/fixtures/options.ts';
import { staleReads } from './scenario.ts';

type Told = 'only worker 1' | 'all workers' | 'nobody';

interface Story {
  readonly told?: Told;
  /** By so much old copies outlive their timeout, in seconds. */
  readonly late?: number;
  /** Workers whose cache the clear emptied, from the first on. */
  readonly clearReaches?: number;
  readonly backend?: 'locmem' | 'redis';
}

/** Four workers read in turn every 10 ms for 3 s; entries live 2 s; the update comes at 0.6 s. */
function arm({ told = 'only worker 1', late = 0, clearReaches = 1, ...given }: Story = {}) {
  const atSeconds = Array.from({ length: 300 }, (_, i) => 1_000 + i / 100 + 0.005);
  const slot = atSeconds.map((_, i) => (i % 4) + 1);
  const version = atSeconds.map((at, i) => {
    const isTold = told === 'all workers' || (told !== 'nobody' && slot[i] === 1);
    return at > 1_000.6 && (isTold || at > 1_002 + late) ? 2 : 1;
  });
  const held = [1, 2, 3, 4].map((worker) => ({ slot: worker, entries: worker }));
  return armsOf(staleReads)({
    workers: 4,
    ...given,
    cache: { maxEntries: 300, timeoutSeconds: 2, cullFrequency: 3 },
    observations: {
      reads: {
        ...{ atSeconds, slot, version },
        copies: [1, 2, 3, 4].map((worker) => ({ slot: worker, atSeconds: 1_000, version: 1 })),
        update: { slot: 1, atSeconds: 1_000.6, version: 2 },
      },
      clear: {
        before: held,
        after: held.map((one) => (one.slot <= clearReaches ? { ...one, entries: 0 } : one)),
      },
    },
  });
}

describe('an update through one of four workers', () => {
  test('leaves three of four reads stale until the copies expire', () => {
    const { exhibits, ...verdict } = judged(staleReads, [arm()]);
    expect(verdict).toEqual({
      agreement: 'agrees',
      sentence:
        'After one update, 75.0 % of the reads at 4 workers still got the old name, the last one ' +
        '1.4 s later; meanwhile others got the new one. A clear through one worker reached 1 of 4 ' +
        'caches.',
      findings: [
        'C17 share of reads with the old name while old copies lived, with 4 workers: 0.75 share of 0.75 (exactly; formula: reads at workers that held an old copy: (N − 1)/N of them where requests are spread evenly) ✔',
        'C17 seconds from the update to the last read of the old name, with 4 workers: 1.395 seconds of 1.4 (1.395 to 1.4: from the last read that a worker with an old copy answered; formula: TIMEOUT less the age that the copies had at the update) ✔',
        'C17 versions of the user that were read after the update, with 4 workers: 2 versions of 2 (exactly; formula: one per state of a copy: told, not told) ✔',
        'C17 reads with the old name after every old copy had expired, with 4 workers: 0 reads of 0 (exactly; formula: no copy outlives its timeout) ✔',
        'C17 workers whose cache a clear through worker 1 did not reach, with 4 workers: 3 workers of 3 (exactly; formula: a clear is a call in one process) ✔',
      ],
    });
    const [course, cleared] = exhibits;
    // Ten reads in each tenth of a second: three or two of them at worker 1.
    const points = Array.from({ length: 30 }, (_, i) => {
      const seconds = Number((-0.55 + i / 10).toPrecision(6));
      return `${seconds} → ${i < 6 || i >= 20 ? 0 : i % 2 === 0 ? 0.7 : 0.8}`;
    }).join(' | ');
    expect(course).toEqual([
      'lines stale-reads-4-workers: Reads that got the old name (4 workers)',
      'The update goes to worker 1, which drops its own copy. Nobody tells the other workers: they serve the old name until their copies expire.',
      'x: time since the update, seconds; y: share of reads with the old name, percent',
      `measured, measured: ${points}`,
      `expected: reads at workers whose old copy was alive, expected: ${points}`,
      'at 0: renamed through worker 1',
      'at 1.4: last old copy expires',
    ]);
    expect(cleared).toEqual([
      'table clear-reach: Which caches a clear through worker 1 reached',
      'Entries in each worker before and after, as its control socket reports them.',
      'arm | worker (count) | entries before (count) | entries after (count)',
      '4 workers | 1 | 1 | 0',
      '4 workers | 2 | 2 | 2',
      '4 workers | 3 | 3 | 3',
      '4 workers | 4 | 4 | 4',
    ]);
  });

  test('is told alike whatever order the answers came in', () => {
    const straight = arm();
    const { reads } = straight.observations;
    const turned = {
      ...reads,
      atSeconds: reads.atSeconds.toReversed(),
      slot: reads.slot.toReversed(),
      version: reads.version.toReversed(),
    };
    const backwards = { ...straight, observations: { ...straight.observations, reads: turned } };
    expect(judged(staleReads, [backwards])).toEqual(judged(staleReads, [straight]));
  });

  test('that every worker hears of disagrees', () => {
    expect(disagreeing(staleReads, [arm({ told: 'all workers' })])).toEqual([
      'share of reads with the old name while old copies lived, with 4 workers',
      'seconds from the update to the last read of the old name, with 4 workers',
      'versions of the user that were read after the update, with 4 workers',
    ]);
  });

  test('whose old copies outlive their timeout disagrees', () => {
    expect(disagreeing(staleReads, [arm({ late: 0.5 })])).toEqual([
      'seconds from the update to the last read of the old name, with 4 workers',
      'reads with the old name after every old copy had expired, with 4 workers',
    ]);
  });

  test('that was never made claims nothing', () => {
    const untold = arm({ told: 'nobody' });
    const reads = { ...untold.observations.reads, update: null };
    const seen = { ...untold, observations: { ...untold.observations, reads } };
    const { agreement, sentence, findings, exhibits } = judged(staleReads, [seen]);
    expect(agreement).toBe('disagrees');
    expect(sentence).toMatch(
      /^After the update no read of 0 got the old name, and the clear reached 1 of 4\./,
    );
    expect(findings[0]).toMatch(/with 4 workers: – share ·$/);
    expect(exhibits[0]!.slice(3)).toEqual([
      'measured, measured: ',
      'expected: reads at workers whose old copy was alive, expected: ',
      'at 0: renamed through worker 1',
    ]);
  });
});

test('a clear that reaches all workers disagrees', () => {
  const cleared = arm({ clearReaches: 4 });
  expect(disagreeing(staleReads, [cleared])).toEqual([
    'workers whose cache a clear through worker 1 did not reach, with 4 workers',
  ]);
  expect(judged(staleReads, [cleared]).sentence).toContain('reached 4 of 4 caches');
});

test('a worker that was gone when it was cleared has nothing to show', () => {
  const { observations, ...rest } = arm();
  const clear = { ...observations.clear, after: observations.clear.after.slice(0, 3) };
  const gone = { ...rest, observations: { ...observations, clear } };
  expect(judged(staleReads, [gone]).exhibits[1]!.at(-1)).toBe('4 workers | 4 | 4 | –');
});

test('with a shared cache nobody is stale once it was told, and the clear empties it', () => {
  const shared = { ...arm({ told: 'all workers', clearReaches: 4, backend: 'redis' }) };
  const { agreement, sentence, findings, exhibits } = judged(staleReads, [
    { ...shared, name: '4 workers, redis' },
  ]);
  expect(agreement).toBe('agrees');
  expect(sentence).toMatch(
    /^After the update no read of 200 got the old name, and the clear reached 4 of 4\./,
  );
  const inArm = 'with 4 workers, redis';
  expect(findings).toEqual([
    `C17 share of reads with the old name while old copies lived, ${inArm}: 0 share of 0 (exactly; formula: reads at workers that held an old copy: (N − 1)/N of them where requests are spread evenly) ✔`,
    `C17 versions of the user that were read after the update, ${inArm}: 1 versions of 1 (exactly; formula: one per state of a copy: told, not told) ✔`,
    `C17 reads with the old name after every old copy had expired, ${inArm}: 0 reads of 0 (exactly; formula: no copy outlives its timeout) ✔`,
    `C17 workers whose cache a clear through worker 1 did not reach, ${inArm}: 0 workers of 0 (exactly; formula: a clear empties the cache that all share) ✔`,
  ]);
  expect(exhibits[0]![0]).toContain('lines stale-reads-4-workers-redis: ');
  // The message to the others takes a moment: what is read before a quarter of a second is excused.
  const reads = shared.observations.reads;
  const excused = (until: number) => ({
    ...shared,
    observations: {
      ...shared.observations,
      reads: {
        ...reads,
        version: reads.version.map((told, i) => (reads.atSeconds[i]! < until ? 1 : told)),
      },
    },
  });
  expect(disagreeing(staleReads, [excused(1_000.84)])).toEqual([]);
  expect(disagreeing(staleReads, [excused(1_000.88)])).toHaveLength(3);
});

test('a cache that is cured tells less than one that is not', () => {
  const shared = { ...arm({ told: 'all workers', backend: 'redis' }), name: '4 workers, redis' };
  expect(judged(staleReads, [shared, arm()]).sentence).toContain('75.0 % of the reads');
});

describe('copies', () => {
  const withCopies = (copies: { slot: number; atSeconds: number; version: number }[]) => {
    const changed = arm();
    const reads = { ...changed.observations.reads, copies };
    return { ...changed, observations: { ...changed.observations, reads } };
  };
  const all = [1, 2, 3, 4].map((slot) => ({ slot, atSeconds: 1_000, version: 1 }));
  const lastExpiry = (copies: typeof all) =>
    judged(staleReads, [withCopies(copies)]).exhibits[0]!.at(-1);
  const level = (copies: typeof all) => judged(staleReads, [withCopies(copies)]).findings[0];

  test('that were made anew before the update count from then', () => {
    // Worker 2 had read it first long before, and once more at 1,000 or at 1,000.4.
    const first = { slot: 2, atSeconds: 990, version: 1 };
    expect(judged(staleReads, [withCopies([first, ...all])]).agreement).toBe('agrees');
    expect(judged(staleReads, [withCopies([...all, first])]).agreement).toBe('agrees');
    const renewed = { slot: 2, atSeconds: 1_000.4, version: 1 };
    expect(lastExpiry([...all, renewed])).toBe('at 1.8: last old copy expires');
  });

  test('of the new version, and those that expired before the update, are none', () => {
    const late = { slot: 2, atSeconds: 1_000.7, version: 2 };
    expect(lastExpiry([...all, late])).toBe('at 1.4: last old copy expires');
    const [, second, ...others] = all;
    const gone = [...others, { ...second!, atSeconds: 998 }];
    expect(level(gone)).toContain('0.75 share of 0.5 (');
  });

  test('of the old version that a worker stores after the update are old ones too', () => {
    const late = { slot: 2, atSeconds: 1_000.7, version: 1 };
    expect(lastExpiry([...all, late])).toBe('at 2.1: last old copy expires');
    expect(lastExpiry([...all, { ...late, slot: 1 }])).toBe('at 2.1: last old copy expires');
  });

  test('in the worker that was told are none', () => {
    const told = { slot: 1, atSeconds: 1_000.5, version: 1 };
    expect(lastExpiry([told, ...all])).toBe('at 1.4: last old copy expires');
  });

  test('that expire one by one end the level with the first', () => {
    const early = all.map((copy) => (copy.slot === 2 ? { ...copy, atSeconds: 999.5 } : copy));
    // Reads from 0 to 0.9 s, of which one in four is at the worker that was told.
    expect(level(early)).toMatch(/: 0\.7\d* share of 0\.7\d* \(exactly/);
    expect(level(early)).toContain(`${Number((67 / 90).toPrecision(6))} share of`);
  });
});

test('what a busy machine makes of the routing does not count against it', () => {
  const busy = arm();
  const { reads } = busy.observations;
  // Worker 1 answers one read in twelve.
  const slot = reads.slot.map((one, i) => (one === 1 && i % 12 > 0 ? 2 : one));
  const version = reads.version.map((one, i) =>
    slot[i] === reads.slot[i] ? one : reads.version[i + 1]!,
  );
  const observations = { ...busy.observations, reads: { ...reads, slot, version } };
  const { agreement, findings } = judged(staleReads, [{ ...busy, observations }]);
  expect(agreement).toBe('agrees');
  expect(findings[0]).toMatch(/: 0\.9\d* share of 0\.9/);
});

test('what it is about, and what it plans', () => {
  const oneUser = 'everybody reads the same user.';
  expect(factsOf(staleReads)).toEqual({
    name: 'stale-reads',
    question:
      'A user is renamed through one worker. What do readers at the others see, and for how long?',
    claims: ['C17'],
    seconds: 9,
    defaults: { ratePerSecond: 200, timeoutSeconds: 2 },
    quick: { workers: [2], timeoutSeconds: 1 },
    uses: ['backends'],
    unused: {
      requests: 'traffic lasts until every old copy has expired.',
      connections: 'the rate decides how many connections there are.',
      routing: 'each request comes over a fresh connection, so that every worker gets its share.',
      ...{ zipf: oneUser, popularity: oneUser },
    },
  });
  expect(planned(staleReads, { backends: ['locmem', 'redis'] })).toEqual([
    { name: '1 worker, locmem', workers: 1, routing: 'fresh' },
    { name: '1 worker, redis', workers: 1, routing: 'fresh', backend: 'redis' },
    { name: '4 workers, locmem', workers: 4, routing: 'fresh' },
    { name: '4 workers, redis', workers: 4, routing: 'fresh', backend: 'redis' },
  ]);
});

test('what it refuses', () => {
  for (const timeoutSeconds of [0.5, 5]) {
    expect(refusals(staleReads, { timeoutSeconds, maxEntries: 10 })).toEqual([]);
  }
  const waits = 'timeoutSeconds: it waits for old copies to expire; use 0.5 to 5';
  expect(refusals(staleReads, { timeoutSeconds: null })).toEqual([waits]);
  expect(refusals(staleReads, { timeoutSeconds: 5.1 })).toEqual([waits]);
  const few = 'ratePerSecond: that makes fewer than 100 reads in one timeout, too few to judge';
  expect(refusals(staleReads, { timeoutSeconds: 0.49 })).toEqual([waits, few]);
  expect(refusals(staleReads, { ratePerSecond: 49, maxEntries: 9 })).toEqual([
    few,
    'maxEntries: the entry would be evicted; use 10 or more',
  ]);
  expect(refusals(staleReads, { ratePerSecond: null, backends: ['redis', 'memcached'] })).toEqual([
    'ratePerSecond: it measures over time, so it needs a --rate, and with fresh connections 1000 is the most',
    'backends: entries in memcached may live two seconds too long, which is as long as this run',
  ]);
});
