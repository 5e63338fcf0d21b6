import { afterEach, expect, test } from 'vitest';
import { auditPhase } from '../evidence/audit.ts';
import { ask, clear, kill, rename, restartInTurn } from './by-hand.ts';
import { newLive, shownAndCounted, until } from './fixtures/open-live.ts';
import type { Live } from './live.ts';

/** A presenter steers a fleet whose workers are in this process; what is shown is what they count. */

let opened: ReturnType<typeof newLive>;
let live: Live;
afterEach(() => opened.close());

async function open(...given: Parameters<typeof newLive>) {
  opened = newLive(...given);
  live = opened.live;
  await live.start();
}
const responses = () => live.stage.totals(performance.now()).responses;
const more = async (count: number) => {
  const before = responses();
  await until(() => responses() >= before + count);
};
async function settle() {
  live.pause();
  await live.stream.settled();
}
async function expectShownAsCounted() {
  await settle();
  const { shown, counted } = shownAndCounted(live, await live.fleet.snapshots({ keys: true }));
  expect(shown).toEqual(counted);
}
/** Every stretch that is over, audited against the workers' own counters. */
function audits() {
  return live.recording
    .arms()
    .flatMap(({ stretches }) =>
      stretches.map(({ live: { ledger, sent, killed }, before, after }) =>
        auditPhase({ ledger, before, after, sent: killed ? null : sent }).checks.filter(
          ({ holds }) => !holds,
        ),
      ),
    );
}

test('what is shown of every worker is what it says itself, also with small caches and little time', async () => {
  await open({ maxEntries: 6, timeoutSeconds: 100, ratePerSecond: null });
  await more(500);
  await expectShownAsCounted();
});

test('changes that keep the workers keep their caches; each stretch is audited', async () => {
  await open();
  await more(50);
  const pids = (await live.fleet.workers()).map(({ pid }) => pid);
  await live.change({ routing: 'fresh' });
  await more(30);
  await live.change({ routing: 'by-key' });
  await more(30);
  await live.change({ popularity: 'uniform', clients: 2, ratePerSecond: 400 });
  await more(30);
  await live.change({ ratePerSecond: 50 });
  await expectShownAsCounted();
  await live.checkpoint();
  expect((await live.fleet.workers()).map(({ pid }) => pid)).toEqual(pids);
  expect(live.recording.arms()).toHaveLength(1);
  expect(live.recording.arms()[0]!.stretches.map(({ name }) => name)).toEqual([
    '1: keep-alive, zipf 0.8',
    '2: fresh, zipf 0.8',
    '3: by-key, zipf 0.8',
    '4: by-key, uniform',
  ]);
  expect(audits()).toEqual([[], [], [], []]);
});

test('by key, each key is at one worker alone', async () => {
  await open({ routing: 'by-key' });
  await more(100);
  await settle();
  const holdings = (await live.fleet.snapshots({ keys: true })).map(({ keys }) => new Set(keys));
  expect(holdings[0]!.intersection(holdings[1]!).size).toBe(0);
});

test('another number of workers is another fleet, whose caches are empty', async () => {
  await open();
  await more(40);
  await live.change({ workers: 3, maxEntries: 7 });
  const first = live.stage.message({ now: performance.now(), seconds: 0, oldest: Infinity });
  expect(first).toMatchObject({ is: 'whole', busy: null, setting: { workers: 3, maxEntries: 7 } });
  await more(40);
  await expectShownAsCounted();
  expect(live.stage.whole(0).workers).toHaveLength(3);
  expect(live.recording.arms().map(({ plan }) => [plan.name, plan.maxEntries])).toEqual([
    ['1: 2 workers, cluster, locmem', 300],
    ['2: 3 workers, cluster, locmem', 7],
  ]);
  expect(audits()).toEqual([[]]);
});

test('other keys are users that the database has', async () => {
  await open({ popularity: 'cyclic' });
  await live.change({ keys: 35 });
  await more(80);
  await settle();
  expect(live.stage.totals(performance.now()).errors).toBe(0);
  expect((await ask(live, 35)).status).toBe(200);
});

test('one worker can be asked by hand; a rename makes stale what the others hold', async () => {
  await open({ workers: [3] }, { playing: false });
  for (const slot of [1, 2, 3]) expect((await ask(live, 7, { slot })).outcome).toBe('cold');
  expect(await ask(live, 7, { slot: 2 })).toMatchObject({ outcome: 'hit', version: 1, slot: 2 });
  const { slot: through } = await rename(live, 7);
  live.stage.message({ now: performance.now(), seconds: 0, oldest: live.oldest });
  const cells = live.stage.whole(0).cells.map((text) => text[6]);
  expect(cells).toEqual([1, 2, 3].map((slot) => (slot === through ? '.' : '3')));
  const stale = [1, 2, 3].find((slot) => slot !== through)!;
  expect(await ask(live, 7, { slot: stale })).toMatchObject({ outcome: 'hit', version: 1 });
  expect(await ask(live, 7, { slot: through })).toMatchObject({ outcome: 'cold', version: 2 });
  await live.checkpoint();
  expect(audits()).toEqual([[]]);
});

test('a killed worker comes back with another pid and an empty cache', async () => {
  await open();
  await more(60);
  const before = live.stage.workers()[0]!;
  await kill(live, 1);
  await more(60);
  const after = live.stage.workers()[0]!;
  expect(after.alive).toBe(true);
  expect(after.pid).not.toBe(before.pid);
  await expectShownAsCounted();
  await live.checkpoint();
  expect(audits()).toEqual([[]]);
  expect(live.recording.arms()[0]!.stretches[0]!.live.events).toMatchObject([
    { slot: 1, label: 'worker 1 killed' },
  ]);
});

test('a restart in turn loses no request', async () => {
  await open({ ratePerSecond: null });
  await more(60);
  await restartInTurn(live);
  await more(60);
  await expectShownAsCounted();
  await live.checkpoint();
  expect(audits()).toEqual([[]]);
  expect(live.stage.totals(performance.now()).errors).toBe(0);
});

test('one cache can be cleared, or all', async () => {
  await open();
  await more(60);
  await settle();
  await clear(live, 2);
  expect(live.stage.workers().map(({ entries }) => entries > 0)).toEqual([true, false]);
  await expectShownAsCounted();
  await clear(live);
  await expectShownAsCounted();
  await live.checkpoint();
  expect(audits()).toEqual([[]]);
});

test('a fleet that fails is told, and can be started again', async () => {
  await open();
  const failed = new Promise<Error>((resolve) => {
    live.onFailure = resolve;
  });
  await more(20);
  await opened.fleets[0]!.crash(1);
  expect((await failed).message).toContain('died');
  await live.start();
  await more(20);
  await expectShownAsCounted();
  expect(live.recording.arms()).toHaveLength(2);
});

test('who asks while another fleet is started waits for it', async () => {
  await open();
  const changed = live.change({ workers: 1 });
  const answered = await ask(live, 3, { guest: 4 });
  expect(answered).toMatchObject({ status: 200, guest: 4, slot: 1 });
  await changed;
});
