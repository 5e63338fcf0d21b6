import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SAMPLE_EXHIBITS } from '../fixtures/sample-exhibits.ts';
import { sampleRecord } from '../fixtures/sample-record.ts';
import type { Phase } from '../record/schema.ts';
import { renderReport } from '../report/render.ts';
import { launchChromium, openWatched, type WatchedPage } from './chromium.ts';

/** What a chart holds, read from Chart.js itself and not from the page's text. */
interface DrawnChart {
  readonly labels: string[];
  readonly series: { label: string; data: (number | null | { x: number; y: number | null })[] }[];
  readonly width: number;
  readonly inked: boolean;
}

const record = sampleRecord({
  workers: [1, 4],
  restartAt: 2000,
  idleWorker: true,
  maxEntries: 120,
  exhibits: SAMPLE_EXHIBITS,
});
const phases = record.arms.map((arm) => arm.phases[0]!) as [Phase, Phase];
const folder = mkdtempSync(join(tmpdir(), 'report-'));
let browser: Browser;
let watched: WatchedPage;
let page: Page;
let charts: Record<string, DrawnChart>;

beforeAll(async () => {
  browser = await launchChromium();
  const file = join(folder, 'report.html');
  writeFileSync(file, renderReport(record));
  watched = await openWatched(browser, pathToFileURL(file).href);
  page = watched.page;
  charts = await drawnCharts();
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

describe('the charts', () => {
  it('are all drawn, without a word on the console and without a request', () => {
    expect(Object.keys(charts).length).toBeGreaterThan(10);
    for (const [id, chart] of Object.entries(charts)) {
      expect([id, chart.width > 200, chart.inked]).toEqual([id, true, true]);
    }
    expect(watched.complaints).toEqual([]);
    expect(watched.requests).toEqual([]);
  });

  it('hold the hit rates of the record, with nothing where nothing was asked', () => {
    expect(values('hit-rate-by-arm')).toEqual(phases.map((phase) => phase.totals.hitRate));
    const rates = phases[1].workers.map((worker) => worker.hitRate);
    expect(values('hit-rate-by-worker-1')).toEqual(rates);
    expect(rates[3]).toBeNull();
  });

  it('hold the misses by reason, and the avoidable ones apart', () => {
    const misses = phases.map((phase) => phase.totals.misses);
    expect(values('misses', 'cold')).toEqual(misses.map((miss) => miss.cold));
    expect(values('misses', 'evicted')).toEqual(misses.map((miss) => miss.evicted));
    const avoidable = phases.map((phase) => phase.replay!.avoidableMisses!);
    expect(values('misses', 'avoidable: another worker held it')).toEqual(avoidable);
    expect(values('misses', 'held by no worker')).toEqual(
      misses.map((miss, index) => miss.cold + miss.expired + miss.evicted - avoidable[index]!),
    );
  });

  it('hold origin queries, requests and connections', () => {
    expect(values('origin-queries')).toEqual(phases.map((phase) => phase.totals.originQueries));
    const { workers } = phases[1];
    expect(values('requests-by-worker-1')).toEqual(workers.map((worker) => worker.requests));
    expect(values('connections-by-worker-1')).toEqual(workers.map((worker) => worker.connections));
  });

  it('hold over the run what the trace says, request by request', () => {
    phases.forEach((phase, arm) => {
      let from = 0;
      for (const point of charts['over-the-run']!.series[arm]!.data) {
        const { x, y } = point as { x: number; y: number };
        const outcomes = phase.trace!.outcome.slice(from, x);
        expect(y).toBeCloseTo(outcomes.filter((outcome) => outcome === 0).length / outcomes.length);
        from = x;
      }
      expect(from).toBe(phase.totals.requests);
    });
  });

  it('hold latencies that add up to all hits and all misses', async () => {
    const figures = await page.evaluate(() =>
      JSON.parse(document.getElementById('charts')!.textContent),
    );
    const [hits, misses] = figures['latency-2'].series;
    const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
    const { totals } = phases[1];
    expect(sum(hits.n)).toBe(totals.hits);
    expect(sum(misses.n)).toBe(totals.misses.cold + totals.misses.evicted);
    expect(charts['latency-2']!.series.map((series) => series.data.length)).toEqual([
      hits.n.length,
      misses.n.length,
    ]);
  });

  it('hold the exhibits of the scenario, gaps included', () => {
    const ys = charts['exhibit-staleness']!.series[0]!.data.map(
      (point) => (point as { y: number }).y,
    );
    expect(ys).toEqual([74, 75, null, 40]);
    expect(values('exhibit-let-through', 'measured')).toEqual([10, 38]);
  });
});

describe('the text', () => {
  it('has a table with the same figures under every chart', async () => {
    const figures = page.locator('figure:has(.plot)');
    for (const figure of await figures.all()) {
      expect(await figure.locator('details.data table tbody tr').count()).toBeGreaterThan(0);
    }
    const cells = page.locator('#hit-rate-by-arm tbody tr td:nth-child(5)');
    expect(await cells.evaluateAll((all) => all.map((cell) => Number(cell.dataset.value)))).toEqual(
      phases.map((phase) => phase.totals.hitRate),
    );
  });

  it('says the verdict in the words of the record', async () => {
    expect(await page.locator('#verdict').textContent()).toBe(record.verdict!.sentence);
  });
});

describe('the scrubber', () => {
  const cells = (slot: number) =>
    page
      .locator(`.arm[data-arm="1"] .block[data-slot="${slot}"]`)
      .evaluate(
        (block) =>
          [...block.querySelectorAll('path:not(.empty)')].flatMap(
            (path) => path.getAttribute('d')!.match(/M[\d ]+h/g) ?? [],
          ).length,
      );
  const count = (name: string) =>
    page.locator(`.arm[data-arm="1"] [data-count="${name}"]`).textContent();
  const goTo = async (key: string) => {
    await page.locator('#position').press(key);
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
  };

  it('stands at the end, where the picture is what the workers told', async () => {
    for (const { slot, keys } of phases[1].residency!.final) {
      expect([slot, await cells(slot)]).toEqual([slot, keys.length]);
    }
    expect(await count('entries')).toBe(String(phases[1].totals.entries));
    expect(await count('uniqueEntries')).toBe(String(phases[1].totals.uniqueEntries));
  });

  it('empties every cell at the start, and comes back to the same end', async () => {
    await goTo('Home');
    expect(await Promise.all([1, 2, 3, 4].map(cells))).toEqual([0, 0, 0, 0]);
    expect(await count('hitRate')).toBe('no traffic');
    expect(await page.locator('#position').getAttribute('aria-valuetext')).toBe(
      'after 0 of 4,000 requests',
    );
    await goTo('End');
    for (const { slot, keys } of phases[1].residency!.final)
      expect(await cells(slot)).toBe(keys.length);
    expect(await count('duplicationFactor')).toBe(
      `×\u00a0${phases[1].totals.duplicationFactor!.toFixed(2)}`,
    );
  });

  it('shows the worker that was restarted as blank, and draws its place into the charts', async () => {
    await goTo('Home');
    for (let step = 0; step < 5; step++) await goTo('PageUp');
    await page.locator('#step-back').click();
    await expect
      .poll(() => page.locator('#position').getAttribute('aria-valuetext'))
      .toBe('after 1,999 of 4,000 requests');
    const before = await cells(1);
    await page.locator('#step-on').click();
    await expect.poll(() => cells(1), { timeout: 10_000 }).toBe(0);
    expect(before).toBeGreaterThan(10);
    const cursor = await page.evaluate(
      () =>
        // biome-ignore lint/suspicious/noExplicitAny: Chart.js is a global of the page
        (globalThis as any).Chart.getChart(document.querySelector('#over-the-run canvas')).options
          .plugins.annotation.annotations.cursor.xMin,
    );
    expect(cursor).toBe(2000);
    await goTo('End');
  });
});

function values(id: string, series?: string): (number | null)[] {
  const chart = charts[id]!;
  const found =
    series === undefined ? chart.series[0] : chart.series.find((s) => s.label === series);
  return found!.data as (number | null)[];
}

function drawnCharts(): Promise<Record<string, DrawnChart>> {
  return page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll<HTMLElement>('[data-figure]')].map((place) => {
        const canvas = place.querySelector('canvas')!;
        // biome-ignore lint/suspicious/noExplicitAny: Chart.js is a global of the page
        const chart = (globalThis as any).Chart.getChart(canvas);
        const pixels = canvas
          .getContext('2d')!
          .getImageData(0, 0, canvas.width, canvas.height).data;
        return [
          place.dataset.figure,
          {
            labels: chart.data.labels,
            // biome-ignore lint/suspicious/noExplicitAny: as above
            series: chart.data.datasets.map((set: any) => ({ label: set.label, data: set.data })),
            width: chart.width,
            inked: pixels.some((value: number) => value !== 0),
          },
        ];
      }),
    ),
  );
}
