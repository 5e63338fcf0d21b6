import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readRecord } from '../../reports/record/file.ts';
import { RECORD_FILE } from '../../reports/record/write.ts';
import { DEFAULTS } from '../console/options.ts';
import { clear, kill, rename } from './by-hand.ts';
import { newLive, until } from './fixtures/open-live.ts';
import { Recording } from './recording.ts';
import { save } from './save.ts';
import { savedRecord } from './saved-record.ts';

/** What happened live as the record and the report of a run. */

let opened: ReturnType<typeof newLive>;
let out: string;
beforeEach(() => {
  out = mkdtempSync(path.join(tmpdir(), 'live-save-'));
});
afterEach(async () => {
  await opened.close();
  rmSync(out, { recursive: true });
});

const more = async (count: number) => {
  const responses = () => opened.live.stage.totals(performance.now()).responses;
  const before = responses();
  await until(() => responses() >= before + count);
};
const work = () => ({
  arms: opened.live.recording.arms(),
  options: DEFAULTS,
  command: 'npm run lab -- live',
  startedAt: new Date(Date.now() - 60_000),
  savedAt: new Date(),
});

test('has a fleet as an arm, stretches as phases, events on their time axis; clean and replayed to the letter', async () => {
  opened = newLive({ maxEntries: 8, ratePerSecond: null });
  const { live } = opened;
  await live.start();
  await more(300);
  await rename(live, 3);
  await clear(live, 1);
  await more(200);
  await live.change({ routing: 'fresh' });
  await more(100);
  await live.change({ workers: 1 });
  await more(100);
  await live.checkpoint();
  await more(50);
  await kill(live, 1);
  await live.checkpoint();
  const report = await save({ ...work(), outFolder: out });
  const record = readRecord(path.join(path.dirname(report), RECORD_FILE));
  expect(record.arms.map(({ name, phases }) => [name, phases.map((one) => one.name)])).toEqual([
    ['1: 2 workers, cluster, locmem', ['1: keep-alive, zipf 0.8', '2: fresh, zipf 0.8']],
    ['2: 1 worker, cluster, locmem', ['1: fresh, zipf 0.8']],
  ]);
  const phases = record.arms.flatMap((arm) => arm.phases);
  expect(phases.map(({ audit }) => audit.checks.filter(({ holds }) => !holds))).toEqual([
    [],
    [],
    [],
  ]);
  for (const { replay } of phases) expect(replay!.identical).toBe(replay!.responses);
  expect(phases.map(({ events }) => events.map(({ label }) => label))).toEqual([
    ['user 3 renamed', 'cache of worker 1 cleared', 'routing fresh'],
    ['1\u00a0worker'],
    ['worker 1 killed'],
  ]);
  const [whole] = record.arms[1]!.phases;
  expect(whole!.totals.requests).toBeGreaterThanOrEqual(150);
  // Pieces that a stretch was cut into are numbered on.
  const { requestsPerBin, workers } = whole!.bins;
  const binned = requestsPerBin * workers[0]!.requests.length;
  expect(binned).toBeGreaterThanOrEqual(whole!.totals.requests);
  expect(whole!.events[0]!.atRequest).toBeGreaterThanOrEqual(150);
  expect(record.verdict).toMatchObject({ agreement: 'not judged', findings: [] });
  const page = readFileSync(report, 'utf8');
  expect(page).toContain('The fleets, one after the other');
  expect(readFileSync(path.join(out, 'index.html'), 'utf8')).toContain(record.id);
});

test('beyond so many responses there are only sums of the oldest, which it says; nothing is counted twice', async () => {
  opened = newLive({ maxEntries: 8, ratePerSecond: null }, {}, { recording: new Recording(250) });
  const { live } = opened;
  await live.start();
  for (let piece = 0; piece < 4; piece++) {
    await more(100);
    if (piece === 1) await live.change({ workers: 3 });
    else await live.checkpoint();
  }
  live.pause();
  await live.stream.settled();
  await live.checkpoint();
  const record = savedRecord(work());
  const kept = record.arms.flatMap(({ phases }) => phases.map(({ totals }) => totals.requests));
  expect(kept.reduce((a, b) => a + b)).toBeLessThanOrEqual(250);
  for (const { phases } of record.arms) {
    for (const { replay, audit } of phases) {
      expect([replay!.identical, audit.clean]).toEqual([replay!.responses, true]);
    }
  }
  const [table] = record.exhibits;
  const rows = table!.kind === 'table' ? table!.rows : [];
  const { responses } = live.stage.totals(performance.now());
  expect(rows.reduce((all, row) => all + (row[1] as number), 0)).toBe(responses);
  expect(rows.map((row) => row[7])).toEqual(rows.map((row) => allOf(row[7] as string)));
  expect(rows.map((row) => row[8])).toEqual(rows.map((row) => allOf(row[8] as string)));
  expect(table!.caption).toContain('there are only these sums');
});

/** `3 of 3`, whatever it says of 3. */
const allOf = (text: string) => text.replace(/^.* of /, `${text.replace(/^.* of /, '')} of `);
