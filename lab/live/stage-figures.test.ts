import { expect, test } from 'vitest';
import type { LiveMessage } from '../../reports/live/protocol.ts';
import { OUTCOMES } from '../../reports/record/vocabulary.ts';
import { ModelCache } from '../../scenarios/theory/model-cache.ts';
import { HIT } from '../../scenarios/theory/outcomes.ts';
import { RecordedFleet } from '../evidence/fixtures/recorded-fleet.ts';
import { begin, KEYS, LARGE, read, streamed, WORKERS } from './fixtures/staged.ts';
import { rounded } from './recent.ts';

/** The figures beside the cells, the dots, and what goes over the wire. */

test('the imagined cache is fed with the same requests, in the order of arrival', () => {
  const limits = { ...LARGE, maxEntries: 4 };
  const fleet = new RecordedFleet({ workers: WORKERS, keys: KEYS, limits, seed: 5 });
  const { ledger } = fleet.phase(400);
  const { stage, tick, now } = begin(limits);
  const one = new ModelCache({ ...limits, maxEntries: 4 * WORKERS });
  let hits = 0;
  for (let i = 0; i < ledger.length; i++) {
    stage.respond(streamed(ledger.row(i)), now());
    if (one.request(ledger.key[i]!, ledger.atSeconds[i]!) === HIT) hits += 1;
  }
  const real = ledger.outcome
    .subarray(0, ledger.length)
    .filter((outcome) => outcome === OUTCOMES.indexOf('hit')).length;
  tick(950);
  const totals = stage.totals(now());
  expect(totals.oneCacheHitRate).toBe(rounded(hits / ledger.length));
  expect(totals.hitRate).toBe(rounded(real / ledger.length));
  expect(totals.originPerSecond).toBeCloseTo(ledger.length - real, 0);
  expect(totals.oneCacheOriginPerSecond).toBeCloseTo(ledger.length - hits, 0);
});

test('the totals are of the last ten seconds; the seconds of the last minute', () => {
  const { stage, tick, now } = begin();
  stage.event('worker 2 was killed');
  stage.respond(read(1, 4, 'cold', 1), now());
  const seconds: unknown[] = [];
  for (let i = 0; i < 4 * 70; i++) {
    const message = tick(250);
    if (message?.is === 'frame' && message.second) seconds.push(message.second);
    if (i === 20) stage.respond(read(1, 4, 'hit', 3), now());
  }
  expect(seconds).toHaveLength(70);
  expect(seconds[0]).toEqual({
    ...{ at: 1, hitRates: [0, null, null], oneCacheHitRate: 0, originQueries: 1 },
    ...{ oneCacheOriginQueries: 1, events: ['worker 2 was killed'] },
  });
  expect(seconds[5]).toMatchObject({ at: 6, hitRates: [1, null, null], originQueries: 0 });
  expect(stage.whole(now()).history.map(({ at }) => at)).toEqual(
    Array.from({ length: 60 }, (_, i) => i + 11),
  );
  expect(stage.totals(now())).toMatchObject({ responses: 2, hitRate: null, originPerSecond: 0 });
});

test('above thirty responses per second dots are a sample that says so; by hand, each is drawn', () => {
  const { stage, tick, now } = begin();
  stage.respond(read(1, 1, 'cold', 1), now());
  expect(tick()).toMatchObject({
    dots: [{ client: 0, slot: 1, key: 2, outcome: 'cold' }],
    dotsStandFor: 1,
  });
  for (let second = 0; second < 2; second++) {
    let dots = 0;
    let flashes = 0;
    for (let i = 0; i < 20; i++) {
      for (let n = 0; n < 30; n++) stage.respond(read(1 + (n % 2), n, 'hit', 3 + n), now());
      stage.respond({ ...read(3, 7, 'hit', 900 + i), guest: 0 }, now());
      const message = tick(50) as LiveMessage & { is: 'frame' };
      dots += message.dots!.filter(({ guest }) => guest === undefined).length;
      flashes += message.flashes!.length;
      expect(message.dots!.filter(({ guest }) => guest === 0)).toHaveLength(1);
      if (second > 0) expect(message.dotsStandFor).toBeGreaterThan(17);
    }
    expect(flashes).toBe(20 * 31);
    if (second > 0) expect(dots).toBeGreaterThan(20);
    expect(dots).toBeLessThan(second > 0 ? 35 : 120);
  }
});

test('a page under 100 kB/s: at 2,000 responses per second a second of frames is far below', () => {
  const limits = { ...LARGE, maxEntries: 15 };
  const fleet = new RecordedFleet({ workers: WORKERS, keys: KEYS, limits, seed: 6 });
  const { ledger } = fleet.phase(4_000);
  const { stage, tick, now } = begin(limits);
  let bytes = 0;
  for (let i = 0; i < ledger.length; i++) {
    stage.respond(streamed(ledger.row(i)), now());
    if (i % 100 === 99) bytes += JSON.stringify(tick(50)).length;
  }
  expect(bytes / 2).toBeLessThan(100_000);
});

test('what is shown besides goes out once, and a sentence waits for a page that can show it', () => {
  const { stage, tick } = begin();
  stage.show({ busy: 'starting 4 workers' });
  stage.say('It went wrong.');
  expect(tick()).toEqual({
    is: 'frame',
    number: 2,
    busy: 'starting 4 workers',
    said: 'It went wrong.',
  });
  expect(tick()).toBeNull();
  stage.say('Again.');
  stage.begin({ ...LARGE, workers: 1, keys: 2, backend: 'locmem' }, [{ slot: 1, pid: 1 }], 200);
  expect(tick()).toMatchObject({
    is: 'whole',
    number: 3,
    cells: ['..'],
    busy: 'starting 4 workers',
  });
  expect(tick(300)).toMatchObject({ is: 'frame', number: 4, said: 'Again.' });
});
