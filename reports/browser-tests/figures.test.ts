import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { SAMPLE_EXHIBITS, troubledRecord } from '../fixtures/sample-record.ts';
import { formatValue } from '../record/format.ts';
import type { Phase } from '../record/schema.ts';
import { renderReport } from '../report/render.ts';
import type { WatchedPage } from './chromium.ts';
import { lookingAt } from './looking.ts';

/** What a chart holds, read from Chart.js itself and not from the page's text. */
interface DrawnChart {
  readonly series: { label: string; data: (number | null | { x: number; y: number | null })[] }[];
  readonly width: number;
  readonly inked: boolean;
}

const record = troubledRecord({ exhibits: SAMPLE_EXHIBITS });
// With its answer given beforehand: the figures are open.
const { open } = lookingAt(new Map([['report.html', renderReport(record)]]));
const phases = record.arms.flatMap((arm) => arm.phases);
const [four, later] = record.arms[1]!.phases as [Phase, Phase];
let watched: WatchedPage;
let page: Page;
let charts: Record<string, DrawnChart>;

beforeAll(async () => {
  watched = await open('report.html', { hash: '#all' });
  page = watched.page;
  charts = await drawnCharts();
});

describe('the charts', () => {
  it('are all drawn, without a word on the console and without a request', () => {
    expect(Object.keys(charts).length).toBeGreaterThan(15);
    for (const [id, chart] of Object.entries(charts)) {
      expect([id, chart.width > 200, chart.inked]).toEqual([id, true, true]);
    }
    expect(watched.complaints).toEqual([]);
    expect(watched.requests).toEqual([]);
  });

  it('hold the hit rates of the record, with nothing where nothing was asked', () => {
    expect(values('hit-rate-by-arm')).toEqual(phases.map((phase) => phase.totals.hitRate));
    const rates = four.workers.map((worker) => worker.hitRate);
    expect(values('hit-rate-by-worker-1')).toEqual(rates);
    expect(rates[3]).toBeNull();
  });

  it('hold the misses by reason, and the avoidable ones apart', () => {
    const misses = phases.map((phase) => phase.totals.misses);
    for (const reason of ['cold', 'expired', 'evicted'] as const) {
      expect(values('misses', reason)).toEqual(misses.map((one) => one[reason]));
    }
    const avoidable = phases.map((phase) => phase.replay!.avoidableMisses!);
    expect(values('misses', 'avoidable: another worker held it')).toEqual(avoidable);
    expect(values('misses', 'held by no worker')).toEqual(
      misses.map((one, index) => one.cold + one.expired + one.evicted - avoidable[index]!),
    );
  });

  it('hold origin queries, requests and connections', () => {
    expect(values('origin-queries')).toEqual(phases.map((phase) => phase.totals.originQueries));
    const { workers } = later;
    expect(values('requests-by-worker-2')).toEqual(workers.map((worker) => worker.requests));
    expect(values('connections-by-worker-2')).toEqual(workers.map((worker) => worker.connections));
  });

  it('hold over the run what the traces say, request by request', () => {
    record.arms.forEach(({ phases: [first, second] }, arm) => {
      const outcomes = [...first!.trace!.outcome, ...second!.trace!.outcome];
      let from = 0;
      for (const point of charts['over-the-run']!.series[arm]!.data) {
        const { x, y } = point as { x: number; y: number };
        const stretch = outcomes.slice(from, x);
        expect(y).toBeCloseTo(stretch.filter((outcome) => outcome === 0).length / stretch.length);
        from = x;
      }
      expect(from).toBe(800);
    });
  });

  it('hold latencies that add up to all hits and all misses', async () => {
    const figures = await page.evaluate(() =>
      JSON.parse(document.getElementById('charts')!.textContent),
    );
    const [hits, misses] = figures['latency-3'].series;
    const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
    expect(sum(hits.n)).toBe(four.totals.hits);
    expect(sum(misses.n)).toBe(sum(Object.values(four.totals.misses)));
    expect(charts['latency-3']!.series.map((series) => series.data.length)).toEqual([
      hits.n.length,
      misses.n.length,
    ]);
  });

  it('hold the exhibits of the scenario, gaps included', () => {
    const [staleness] = SAMPLE_EXHIBITS;
    const points = staleness!.kind === 'lines' ? staleness!.series[0]!.points : [];
    const drawn = charts['exhibit-staleness']!.series[0]!.data;
    expect(drawn).toEqual(points.map(([x, y]) => ({ x, y })));
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
          [...block.querySelectorAll('path:not(.cell-empty)')].flatMap(
            (path) => path.getAttribute('d')!.match(/M[\d ]+h/g) ?? [],
          ).length,
      );
  const allCells = () => Promise.all([1, 2, 3, 4].map(cells));
  const count = (name: string) =>
    page.locator(`.arm[data-arm="1"] [data-count="${name}"]`).textContent();
  const slider = () => page.locator('.picture .scrubber input');
  const position = () => slider().getAttribute('aria-valuetext');
  const goTo = async (key: string) => {
    await slider().press(key);
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
  };
  const heldAtTheEnd = later.residency!.final.map(({ keys }) => keys.length);

  it('ends where the picture is what the workers told', async () => {
    await goTo('End');
    expect(await allCells()).toEqual(heldAtTheEnd);
    expect(await count('entries')).toBe(String(later.totals.entries));
    const copies = formatValue(later.totals.duplicationFactor, 'number');
    expect(await count('duplicationFactor')).toBe(copies);
    const rate = (four.totals.hits + later.totals.hits) / 800;
    expect(await count('hitRate')).toBe(`${(100 * rate).toFixed(1)}\u00a0%`);
  });

  it('empties every cell at the start, and comes back to the same end', async () => {
    await goTo('Home');
    expect(await allCells()).toEqual([0, 0, 0, 0]);
    expect(await count('hitRate')).toBe('no traffic');
    expect(await position()).toBe('after 0 of 800 requests');
    await goTo('End');
    expect(await allCells()).toEqual(heldAtTheEnd);
  });

  it('shows the worker that was replaced as blank, and draws its place into the charts', async () => {
    // The first request that the new worker answered, counted from the start of the run.
    const first = later.trace!.slot.findIndex((slot, index) => slot === 1 && index >= 100);
    await slider().fill(String((500 + first) / 2));
    await expect.poll(position, { timeout: 10_000 }).toBe(`after ${500 + first} of 800 requests`);
    const before = await cells(1);
    await page.locator('.picture [data-act="step-on"]').click();
    await expect.poll(() => cells(1), { timeout: 10_000 }).toBe(0);
    expect(before).toBeGreaterThan(10);
    const cursor = await page.evaluate(
      () =>
        // biome-ignore lint/suspicious/noExplicitAny: Chart.js is a global of the page
        (globalThis as any).Chart.getChart(document.querySelector('#over-the-run canvas')).options
          .plugins.annotation.annotations.cursor.xMin,
    );
    expect(cursor).toBe(500 + first + 1);
    await goTo('End');
  });
});

describe('the strip of requests', () => {
  /** Where the marks of a kind stand: the worker's row, and the request's place in the strip. */
  const marks = (kind: string) =>
    page.locator('.trace-strip[data-arm="1"]').evaluate((strip, kind) => {
      const svg = strip.querySelector('svg')!;
      const rowHeight = svg.clientHeight / 4;
      const step = 0.45 * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      const path = svg.querySelector(`.mark-${kind}`)!.getAttribute('d')!;
      return [...path.matchAll(/M([\d.]+) ([\d.]+)/g)].map(([, x, y]) => ({
        slot: Math.floor(Number(y) / rowHeight) + 1,
        at: Math.floor(Number(x) / step),
      }));
    }, kind);

  it('has each request in the row of the worker that answered, marked by its outcome', async () => {
    const { phases } = record.arms[1]!;
    const responses = phases.flatMap(({ trace }) =>
      trace!.slot.map((slot, at) => ({
        slot,
        outcome: trace!.outcome[at]!,
        avoidable: trace!.avoidable[at]! === 1,
      })),
    );
    const range = await page.locator('.trace-strip[data-arm="1"] .trace-range').textContent();
    const [first, last] = range!.match(/\d+/g)!.map(Number);
    expect(last).toBe(800);
    const shown = responses.slice(first! - 1, last);
    for (const [outcome, kind] of ['hit', 'cold', 'expired', 'evicted'].entries()) {
      const wanted = shown.flatMap((one, at) =>
        one.outcome === outcome ? [{ slot: one.slot, at }] : [],
      );
      expect([kind, await marks(kind)]).toEqual([kind, wanted]);
    }
    const avoidable = shown.flatMap(({ slot, avoidable }, at) => (avoidable ? [{ slot, at }] : []));
    expect(await marks('avoidable')).toEqual(avoidable);
    expect(avoidable.length).toBeGreaterThan(5);
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
