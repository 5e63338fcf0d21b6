import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { comparePage } from '../compare/compare-page.ts';
import { compareRecords } from '../compare/comparison.ts';
import { renderCourse } from '../course/render-course.ts';
import { hostileRecord } from '../fixtures/hostile-record.ts';
import { sampleCourse } from '../fixtures/sample-course.ts';
import { sampleRecord } from '../fixtures/sample-record.ts';
import { indexPage } from '../runs/index-page.ts';
import { launchChromium, openWatched } from './chromium.ts';

/** The pages around the reports, in a folder, opened as a person opens them. */

const folder = mkdtempSync(join(tmpdir(), 'course-'));
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const runs = [4, 8].map((workers) =>
  sampleRecord({ workers: [1, workers], requests: 600, keys: 60 }),
);
const comparison = compareRecords(runs);
const pages = new Map([
  ...renderCourse(sampleCourse({ withSharedCache: true })),
  ['compare.html', comparePage(comparison)],
  ['runs.html', runsPage()],
]);
let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
  for (const [name, page] of pages) writeFileSync(join(folder, name), page);
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

function runsPage(): string {
  return indexPage({
    runs: [...runs, hostileRecord()].map((head) => ({ folder: 'a', head, hasReport: true })),
    strangers: [{ folder: 'photos', problem: 'It holds no record.json.' }],
    comparisons: ['b.html'],
    hasCourse: true,
  });
}

/** Opens a page, lets the test look, and holds that nothing was complained about or fetched. */
async function look(
  file: string,
  use: (page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const { page, complaints, requests } = await openWatched(
    browser,
    pathToFileURL(join(folder, file)).href,
    options,
  );
  try {
    await use(page);
    expect(complaints).toEqual([]);
    expect(requests).toEqual([]);
  } finally {
    await page.context().close();
  }
}

interface AxeFinding {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

// One lesson stands for all: they differ in what the report of a run holds, which has tests of its own.
const kinds = [...pages.keys()].filter((name) => !/^(two-servers|shared-cache)/.test(name));

describe.each(kinds)('%s', (file) => {
  it('is for everybody: nothing found by axe-core, light and dark; fits 360 px', () =>
    look(
      file,
      async (page) => {
        await page.evaluate(axe);
        for (const theme of ['light', 'dark']) {
          if ((await page.locator('html').getAttribute('data-theme')) !== theme) {
            await page.locator('#theme').click();
          }
          const findings = await page.evaluate(async () => {
            for (const details of document.querySelectorAll('details')) details.open = true;
            // biome-ignore lint/suspicious/noExplicitAny: axe is a global of the page
            const results = await (globalThis as any).axe.run(document, {
              runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
            });
            return (results.violations as AxeFinding[]).map(
              ({ id, nodes }) =>
                `${id}: ${nodes[0]?.html.slice(0, 200)} ${nodes[0]?.failureSummary}`,
            );
          });
          expect([theme, findings]).toEqual([theme, []]);
        }
        await page.setViewportSize({ width: 360, height: 800 });
        // Charts follow the window a moment later.
        await expect
          .poll(() => page.evaluate(() => document.documentElement.scrollWidth))
          .toBe(360);
      },
      { colorScheme: 'light', offline: true },
    ));
});

describe('the way through the course', () => {
  it('leads by links from the front page over every lesson to the closing page', () =>
    look('index.html', async (page) => {
      await page.locator('.lessons a').first().click();
      const seen: string[] = [];
      for (;;) {
        const name = page.url().split('/').at(-1)!;
        seen.push(name);
        if (name === 'closing.html') break;
        await page.locator('.way a[rel="next"]').first().click();
      }
      const lessons = sampleCourse({ withSharedCache: true }).lessons;
      expect(seen).toEqual([...lessons.map((lesson) => `${lesson.name}.html`), 'closing.html']);
    }));
});

describe('the questions of the closing page', () => {
  const said = (page: Page) => page.locator('#decision-said').textContent();

  it('are answered by the keyboard, and the advice is said and marked', () =>
    look('closing.html', async (page) => {
      expect(await page.locator('.advice .chosen').count()).toBe(0);
      // Tab stops at the first answer of each question; the arrow chooses the second.
      await page.locator('input[name="lasting"]').first().focus();
      await page.keyboard.press('Space');
      await page.keyboard.press('Tab');
      await page.keyboard.press('ArrowDown');
      expect(await said(page)).toBe('A shared cache.');
      const chosen = page.locator('.advice .chosen .when');
      expect(await chosen.allTextContents()).toEqual(['Several processes']);
    }));

  it('say nothing before the answers decide', () =>
    look('closing.html', async (page) => {
      await page.locator('input[name="alone"][value="yes"]').check();
      expect(await said(page)).toBe(
        'Answer on; the advice comes as soon as the answers decide it.',
      );
      await page.locator('input[name="lasting"][value="no"]').check();
      expect(await said(page)).toBe('No cache at all.');
    }));

  it('can be read without JavaScript', () =>
    look(
      'closing.html',
      async (page) => {
        expect(await page.locator('.advice li').count()).toBe(3);
        expect(await page.locator('.advice li').last().isVisible()).toBe(true);
        expect(await page.locator('.needs-script:visible').count()).toBe(0);
      },
      { javaScriptEnabled: false },
    ));
});

describe('the page of a comparison', () => {
  it('draws the figures of the records', () =>
    look('compare.html', async (page) => {
      const drawn = await page.evaluate(() => {
        // biome-ignore lint/suspicious/noExplicitAny: Chart.js is a global of the page
        const chart = (globalThis as any).Chart.getChart(
          document.querySelector('#compare-misses canvas'),
        );
        return chart.data.datasets.map((one: { data: number[] }) => one.data) as number[][];
      });
      const misses = runs.map((run) => run.arms.map((arm) => arm.phases[0]!.totals.misses.cold));
      expect(drawn.slice(0, 2)).toEqual(misses);
    }));
});

describe('a lesson', () => {
  it('is the report, with the picture, the prediction and the notes', () =>
    look('hit-rate.html', async (page) => {
      expect(await page.locator('.way').count()).toBe(2);
      expect(await page.locator('#picture').isVisible()).toBe(true);
      await page.locator('.answer').first().click();
      expect(await page.locator('#figures').isVisible()).toBe(true);
      const canvas = page.locator('#hit-rate-by-arm canvas');
      expect(await canvas.evaluate((c) => c.clientWidth)).toBeGreaterThan(200);
    }));
});
