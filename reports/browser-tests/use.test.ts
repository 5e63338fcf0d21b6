import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostileRecord, PAYLOAD } from '../fixtures/hostile-record.ts';
import { SAMPLE_EXHIBITS } from '../fixtures/sample-exhibits.ts';
import { sampleRecord } from '../fixtures/sample-record.ts';
import { visible } from '../page/html.ts';
import { renderReport } from '../report/render.ts';
import { launchChromium, openWatched, type WatchedPage } from './chromium.ts';

const lesson = readFileSync(
  join(import.meta.dirname, '../../scenarios/hit-rate/lesson.md'),
  'utf8',
);
const record = sampleRecord({
  workers: [1, 2, 4],
  requests: 800,
  keys: 60,
  lesson,
  exhibits: SAMPLE_EXHIBITS,
});
const folder = mkdtempSync(join(tmpdir(), 'report-'));
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
  writeFileSync(join(folder, 'report.html'), renderReport(record));
  writeFileSync(join(folder, 'hostile.html'), renderReport(hostileRecord()));
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

interface AxeFinding {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** Opens the report, lets the test look, and holds that nothing was complained about or fetched. */
async function look(
  use: (page: Page, watched: WatchedPage) => Promise<void>,
  {
    hash = '',
    file = 'report.html',
    ...options
  }: BrowserContextOptions & { hash?: string; file?: string } = {},
): Promise<void> {
  const watched = await openWatched(
    browser,
    pathToFileURL(join(folder, file)).href + hash,
    options,
  );
  try {
    await use(watched.page, watched);
    expect(watched.complaints).toEqual([]);
    expect(watched.requests).toEqual([]);
  } finally {
    await watched.page.context().close();
  }
}

describe('predict first', () => {
  it('keeps figures and explanation closed until there is an answer', () =>
    look(async (page) => {
      expect(await page.locator('#verdict').isVisible()).toBe(true);
      expect(await page.locator('#figures').isVisible()).toBe(false);
      expect(await page.locator('#why').isVisible()).toBe(false);
      await page.locator('.answer').first().click();
      expect(await page.locator('#figures').isVisible()).toBe(true);
      expect(await page.locator('#predict-said').textContent()).toContain('Not this one');
      expect(await page.locator('.because').first().isVisible()).toBe(true);
      expect(
        await page.locator('#hit-rate-by-arm canvas').evaluate((c) => c.clientWidth),
      ).toBeGreaterThan(200);
    }));

  it('opens everything for #all, and adds notes for #instructor', async () => {
    await look(
      async (page) => {
        expect(await page.locator('details:not(.data):not([open])').count()).toBe(0);
        expect(await page.locator('#figures').isVisible()).toBe(true);
        expect(await page.locator('#instructor-notes').isVisible()).toBe(false);
      },
      { hash: '#all' },
    );
    await look(
      async (page) => {
        expect(await page.locator('#instructor-notes').isVisible()).toBe(true);
        expect(await page.locator('#figures').isVisible()).toBe(false);
      },
      { hash: '#instructor' },
    );
  });

  it('opens what an address points into', () =>
    look(
      async (page) => {
        const place = page.locator('#latency-2');
        expect(await place.isVisible()).toBe(true);
        expect(await place.locator('canvas').evaluate((c) => c.clientWidth)).toBeGreaterThan(200);
      },
      { hash: '#latency-2' },
    ));

  it('sets the run’s own figures into the sentences', () =>
    look(async (page) => {
      const { totals } = record.arms[2]!.phases[0]!;
      const prompt = await page.locator('#predict .prose').first().textContent();
      expect(prompt).toContain(`4 workers ${totals.misses.cold} times`);
    }));
});

describe('keyboard only', () => {
  it('reaches and works everything, with the focus in sight', () =>
    look(async (page) => {
      const reached: string[] = [];
      for (let presses = 0; presses < 60; presses++) {
        await page.keyboard.press('Tab');
        const focus = await page.evaluate(() => {
          const element = document.activeElement as HTMLElement;
          const { outlineStyle, outlineWidth } = getComputedStyle(element);
          const name = element.id || element.className || element.textContent;
          return { name, seen: outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2 };
        });
        if (focus.name === reached[0]) break;
        expect(focus).toEqual({ name: focus.name, seen: true });
        reached.push(focus.name);
        if (focus.name === 'answer') break;
      }
      for (const id of ['theme', 'picture-arm', 'key-number', 'play', 'to-end', 'position']) {
        expect(reached).toContain(id);
      }
      await page.keyboard.press('Enter');
      expect(await page.locator('#figures').isVisible()).toBe(true);
    }));

  it('moves through the run with the arrow keys and plays with the space bar', () =>
    look(async (page) => {
      const said = () => page.locator('#position').getAttribute('aria-valuetext');
      await page.locator('#position').focus();
      await page.keyboard.press('ArrowLeft');
      await expect.poll(said, { timeout: 10_000 }).toBe('after 798 of 800 requests');
      await page.keyboard.press('Home');
      await page.locator('#play').focus();
      await page.keyboard.press('Space');
      await expect.poll(said, { timeout: 10_000 }).not.toBe('after 0 of 800 requests');
      await page.keyboard.press('Space');
      expect(await page.locator('#play').getAttribute('aria-label')).toBe('Play');
    }));

  it('tells who holds a key, by its number', () =>
    look(async (page) => {
      await page.locator('#key-number').fill('1');
      const told = await page.locator('#key-holders').textContent();
      expect(told).toMatch(
        /^user:1 — 1 worker: worker 1 since request \d+; 4 workers: worker 1 since/,
      );
    }));
});

describe('the form', () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    it(`has no findings by axe-core, ${colorScheme}`, () =>
      look(
        async (page) => {
          expect(await page.locator('html').getAttribute('data-theme')).toBe(colorScheme);
          await page.evaluate(() => {
            for (const details of document.querySelectorAll('details')) details.open = true;
          });
          await page.evaluate(axe);
          const findings = await page.evaluate(async () => {
            // biome-ignore lint/suspicious/noExplicitAny: axe is a global of the page
            const results = await (globalThis as any).axe.run(document, {
              runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
            });
            return (results.violations as AxeFinding[]).map(
              ({ id, nodes }) =>
                `${id}: ${nodes[0]?.html.slice(0, 200)} ${nodes[0]?.failureSummary}`,
            );
          });
          expect(findings).toEqual([]);
        },
        { colorScheme, hash: '#all+instructor' },
      ));
  }

  for (const width of [360, 1920]) {
    it(`fits a window ${width} px wide, without scrolling sideways`, () =>
      look(
        async (page) => {
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
          const charts = page.locator('.plot:visible canvas');
          expect(await charts.count()).toBeGreaterThan(8);
          for (const canvas of await charts.all()) {
            const box = (await canvas.boundingBox())!;
            expect(box.x + box.width).toBeLessThanOrEqual(width);
          }
        },
        { viewport: { width, height: 900 }, hash: '#all' },
      ));
  }

  it('switches between light and dark, charts included, and remembers it', () =>
    look(
      async (page) => {
        const ink = () =>
          page.evaluate(
            () =>
              // biome-ignore lint/suspicious/noExplicitAny: Chart.js is a global of the page
              (globalThis as any).Chart.getChart(document.querySelector('#misses canvas')).options
                .scales.y.ticks.color,
          );
        const light = await ink();
        await page.locator('#theme').click();
        expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
        await expect.poll(ink, { timeout: 10_000 }).not.toBe(light);
        // Chromium writes what it remembers a moment later.
        await expect
          .poll(
            async () => {
              await page.reload();
              return page.locator('html').getAttribute('data-theme');
            },
            { interval: 250, timeout: 10_000 },
          )
          .toBe('dark');
      },
      { colorScheme: 'light', hash: '#all' },
    ));

  it('prints light, with figures open and none larger than a page', () =>
    look(
      async (page) => {
        await page.evaluate(() => {
          addEventListener('beforeprint', () => {
            document.body.dataset.printed = document.documentElement.dataset.theme;
          });
        });
        const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
        const images = pdf.toString('latin1').match(/\/Subtype \/Image/g) ?? [];
        const charts = await page.locator('.plot:visible canvas').count();
        expect(images.length).toBeGreaterThanOrEqual(charts);
        expect(charts).toBeGreaterThan(8);
        expect(await page.locator('body').getAttribute('data-printed')).toBe('light');
        expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
        // A4 less its margins, in CSS pixels.
        await page.setViewportSize({ width: 680, height: 1000 });
        await page.emulateMedia({ media: 'print' });
        for (const figure of await page.locator('.figure:has(.plot):visible').all()) {
          expect((await figure.boundingBox())!.height).toBeLessThan(1000);
          expect(await figure.evaluate((f) => getComputedStyle(f).breakInside)).toBe('avoid');
        }
      },
      { colorScheme: 'dark' },
    ));
});

describe('under bad conditions', () => {
  it('has verdict, tables and lesson without JavaScript', () =>
    look(
      async (page) => {
        expect(await page.locator('#verdict').innerText()).toContain(
          record.verdict!.sentence.slice(0, 20),
        );
        for (const id of ['picture', 'figures', 'why', 'exercises', 'key-points', 'trust']) {
          expect([id, await page.locator(`#${id}`).isVisible()]).toEqual([id, true]);
        }
        expect(await page.locator('#hit-rate-by-arm table').isVisible()).toBe(true);
        expect(await page.locator('.because').first().isVisible()).toBe(true);
        expect(await page.locator('.arm').nth(2).locator('.block').count()).toBe(4);
        expect(await page.locator('.needs-script:visible').count()).toBe(0);
      },
      { javaScriptEnabled: false },
    ));

  it('works with the network off', () =>
    look(
      async (page) => {
        expect(await page.locator('#misses canvas').evaluate((c) => c.clientWidth)).toBeGreaterThan(
          200,
        );
      },
      { offline: true, hash: '#all' },
    ));

  it('forbids scripts that are not its own, and every request', async () => {
    const url = pathToFileURL(join(folder, 'report.html')).href;
    const { page, complaints, requests } = await openWatched(browser, url);
    const fetched = await page.evaluate(async () => {
      const script = document.createElement('script');
      script.textContent = 'window.broken = 1';
      document.body.append(script);
      document.body.insertAdjacentHTML('beforeend', '<p onclick="window.broken = 1">x</p>');
      (document.body.lastElementChild as HTMLElement).click();
      return fetch('http://127.0.0.1:9/').then(
        () => 'fetched',
        () => 'refused',
      );
    });
    expect(fetched).toBe('refused');
    expect(await page.evaluate(() => 'broken' in window)).toBe(false);
    for (const refused of [/executing inline script/i, /executing inline event/i, /connect/i]) {
      expect(complaints.some((text) => refused.test(text))).toBe(true);
    }
    expect(requests).toEqual([]);
    await page.context().close();
  });

  it('shows markup from outside as text, wherever it comes in', () =>
    look(
      async (page) => {
        await page.locator('#key-number').fill('1');
        await page.locator('.answer').first().click();
        expect(await page.evaluate(() => 'broken' in window)).toBe(false);
        const strangers =
          'img, iframe, object, embed, form, a[href^="javascript"], [onload], [onerror], [onmouseover], [style]:not(canvas)';
        const found = await page
          .locator(strangers)
          .evaluateAll((all) => all.map((e) => e.outerHTML.slice(0, 120)));
        expect(found).toEqual([]);
        expect(await page.locator('script').count()).toBe(4);
        expect(await page.locator('h1').textContent()).toBe(visible(PAYLOAD));
        expect(await page.locator('#key-holders').textContent()).toContain('</script>');
        // No mark of writing direction survives to reorder anything.
        const text = await page.evaluate(() => document.body.innerText);
        expect(/[\u202A-\u202E\u2066-\u2069]/.test(text)).toBe(false);
      },
      { file: 'hostile.html', hash: '#all+instructor' },
    ));
});

describe('the buttons', () => {
  it('save the record as it was, and the figures as CSV', () =>
    look(async (page) => {
      const saved = async (id: string) => {
        const download = page.waitForEvent('download', { timeout: 5000 });
        await page.locator(id).click();
        return readFileSync((await (await download).path())!, 'utf8');
      };
      expect(JSON.parse(await saved('#save-record'))).toEqual(record);
      const csv = await saved('#save-figures');
      const { totals } = record.arms[2]!.phases[0]!;
      const table = csv
        .split('\r\n\r\n')
        .find((part) => part.startsWith('Hit rate of each fleet'))!;
      const line = table.split('\r\n').find((row) => row.startsWith('4 workers,'))!;
      expect(line.split(',').slice(1, 5).map(Number)).toEqual([
        totals.hits + totals.misses.cold,
        totals.hits,
        totals.misses.cold,
        totals.hitRate,
      ]);
    }));
});
