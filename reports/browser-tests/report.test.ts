import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hostileRecord, PAYLOAD } from '../fixtures/hostile-record.ts';
import { SAMPLE_EXHIBITS, sampleRecord, troubledRecord } from '../fixtures/sample-record.ts';
import { html, visible } from '../page/html.ts';
import { renderReport } from '../report/render.ts';
import { barriers, expectToFit, FONTS, lookingAt, useFont } from './looking.ts';

/** The report of a run, used by a person. */
const record = troubledRecord({ exhibits: SAMPLE_EXHIBITS });
const ordinary = sampleRecord();
const { workers: many } = ordinary.arms[1]!;
ordinary.verdict!.headline = {
  ...{ before: '1 worker', after: `${many} workers` },
  figures: ['hit rate', 'database queries', 'copies of each page'].map((label, index) => ({
    ...{ label, format: index === 0 ? 'percent' : 'number', before: 0.95, after: 3.6 },
  })),
};
const { open, look } = lookingAt(
  new Map([
    ['report.html', renderReport(record)],
    ['lesson.html', renderReport(record, { before: html``, after: html`` })],
    ['run.html', renderReport(ordinary)],
    ['fleets.html', renderReport(sampleRecord({ workers: [1, 2, 4, 8, 64] }))],
    ['hostile.html', renderReport(hostileRecord())],
  ]),
);

describe('the first screen of a run', () => {
  const PLACES = ['h1', '.headline', '.lead-figure canvas', '.picture .blocks', '#verdict'];

  it.each(FONTS)('has result, chart, picture and sentence, with %s', (font) =>
    look('run.html', async (page) => {
      await page.setViewportSize({ width: 1280, height: 800 });
      await useFont(page, font);
      const bottom = (place: string) =>
        page
          .locator(place)
          .first()
          .evaluate((one) => Math.ceil(one.getBoundingClientRect().bottom));
      for (const place of [...PLACES, '.assurances']) {
        await expect
          .poll(async () => [place, (await bottom(place)) <= 800], { timeout: 10_000 })
          .toEqual([place, true]);
      }
      const [chart, picture] = await Promise.all(
        ['.lead-figure canvas', '.picture'].map((place) => page.locator(place).boundingBox()),
      );
      expect(chart!.x + chart!.width).toBeLessThanOrEqual(picture!.x);
      expect(chart!.height).toBeGreaterThan(200);
    }),
  );

  it('opens near the start, and plays to the end once where motion is wanted', async () => {
    const said = (page: Page) =>
      page.locator('.scrubber input').first().getAttribute('aria-valuetext');
    await look('run.html', async (page) => {
      expect(await said(page)).toBe('after 5 of 240 requests');
      expect(await page.locator('.picture .playing').count()).toBe(0);
    });
    await look(
      'run.html',
      async (page) => {
        const play = page.locator('.picture [data-act="play"]');
        await expect.poll(() => play.getAttribute('aria-label')).toBe('Pause');
        await expect.poll(() => said(page), { timeout: 20_000 }).toBe('after 240 of 240 requests');
        expect(await play.getAttribute('aria-label')).toBe('Play');
      },
      { reducedMotion: 'no-preference' },
    );
  });

  it.each([1280, 360])('cuts no table at %i px', (width) =>
    look(
      'report.html',
      async (page) => {
        await page.setViewportSize({ width, height: 800 });
        for (const font of FONTS) {
          await useFont(page, font);
          await expect.poll(() => cutTables(page), { timeout: 10_000 }).toEqual([]);
        }
      },
      { hash: '#all+instructor' },
    ),
  );
});

/** Labels of tables that reach beyond their place, with everything unfolded. */
function cutTables(page: Page): Promise<(string | null)[]> {
  return page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
    return [...document.querySelectorAll('.scroll:not(:has(.strip))')]
      .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
      .map((place) => place.getAttribute('aria-label'));
  });
}

describe('a lesson of the course', () => {
  it('keeps figures and explanation closed until they are asked for, and judges answers', () =>
    look('lesson.html', async (page) => {
      const said = page.locator('#predict-said');
      expect(await page.locator('#verdict').isVisible()).toBe(false);
      expect(await page.locator('#figures').isVisible()).toBe(false);
      expect(await page.locator('#why').isVisible()).toBe(false);
      await page.locator('#predict-skip').click();
      expect(await page.locator('#figures').isVisible()).toBe(true);
      expect(await page.locator('#verdict').isVisible()).toBe(true);
      const canvas = page.locator('.lead-figure canvas');
      expect(await canvas.evaluate((c) => c.clientWidth)).toBeGreaterThan(200);
      expect(await said.textContent()).toBe('The figures are open below.');
      expect(await page.locator('.because').first().isVisible()).toBe(false);
      await page.locator('.answer').first().click();
      expect(await said.textContent()).toBe('Not this one. The figures are open below.');
      expect(await page.locator('.because').first().isVisible()).toBe(true);
      await page.locator('.answer').nth(1).click();
      expect(await said.textContent()).toBe('Right. The figures are open below.');
      expect(await page.locator('.answer[aria-pressed="true"]').count()).toBe(1);
    }));

  it('adds notes for #instructor, and opens everything for #all', () =>
    look(
      'lesson.html',
      async (page) => {
        expect(await page.locator('#instructor-notes').isVisible()).toBe(true);
        expect(await page.locator('#figures').isVisible()).toBe(false);
        await page.evaluate(() => {
          location.hash = '#all';
        });
        await page.locator('#figures').waitFor();
        expect(await page.locator('details:not(.data):not([open])').count()).toBe(0);
        expect(await page.locator('#instructor-notes').isVisible()).toBe(false);
      },
      { hash: '#instructor' },
    ));

  it('opens what an address points into', () =>
    look(
      'lesson.html',
      async (page) => {
        const canvas = page.locator('#latency-4 canvas');
        expect(await canvas.isVisible()).toBe(true);
        expect(await canvas.evaluate((c) => c.clientWidth)).toBeGreaterThan(200);
      },
      { hash: '#latency-4' },
    ));
});

describe('keyboard only', () => {
  it('reaches and works everything, with the focus in sight', () =>
    look('fleets.html', async (page) => {
      const reached: string[] = [];
      for (let presses = 0; presses < 60; presses++) {
        await page.keyboard.press('Tab');
        const focus = await page.evaluate(() => {
          const element = document.activeElement as HTMLElement;
          const { outlineStyle, outlineWidth } = getComputedStyle(element);
          const { act } = element.dataset;
          const name =
            element.id || act || element.getAttribute('aria-label') || element.textContent;
          return { name, seen: outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2 };
        });
        if (focus.name === reached[0] || reached.includes('save-figures')) break;
        expect(focus).toEqual({ name: focus.name, seen: true });
        reached.push(focus.name);
      }
      for (const id of ['theme', 'picture-arm', 'key-number', 'play', 'to-end', 'Requests sent']) {
        expect(reached).toContain(id);
      }
      await page.locator('.more > summary').focus();
      await page.keyboard.press('Enter');
      expect(await page.locator('.more').getAttribute('open')).toBe('');
    }));

  it('moves through the run, plays it, and tells who holds a key by its number', () =>
    look('report.html', async (page) => {
      const position = page.locator('.picture .scrubber input');
      const said = () => position.getAttribute('aria-valuetext');
      await position.press('End');
      await page.keyboard.press('ArrowLeft');
      await expect.poll(said, { timeout: 10_000 }).toBe('after 798 of 800 requests');
      await page.keyboard.press('Home');
      await page.locator('.picture [data-act="play"]').focus();
      await page.keyboard.press('Space');
      await expect.poll(said, { timeout: 10_000 }).not.toBe('after 0 of 800 requests');
      await page.keyboard.press('Space');
      expect(await page.locator('.picture [data-act="play"]').getAttribute('aria-label')).toBe(
        'Play',
      );
      await position.press('End');
      const { keys, final } = record.arms[1]!.phases[1]!.residency!;
      const shared = final[1]!.keys.find((key) => final[2]!.keys.includes(key))!;
      await page.locator('#key-number').fill(String(shared + 1));
      await expect
        .poll(() => page.locator('#key-holders').textContent(), { timeout: 10_000 })
        .toMatch(
          new RegExp(
            `^${keys[shared]} — 1 worker: .*; 4 workers: .*worker 2 since request \\d+, worker 3 since`,
          ),
        );
    }));
});

describe('the form', () => {
  it('has no barriers by axe-core, light and dark', () =>
    look('report.html', async (page) => expect(await barriers(page)).toEqual([]), {
      hash: '#all+instructor',
    }));

  it('fits 360 px and 1920 px, charts included', () =>
    look(
      'report.html',
      async (page) => {
        await expectToFit(page, 360);
        await page.setViewportSize({ width: 1920, height: 900 });
        const width = () => page.evaluate(() => document.body.scrollWidth);
        await expect.poll(width, { timeout: 10_000 }).toBe(1920);
        const charts = page.locator('.plot:visible canvas');
        expect(await charts.count()).toBeGreaterThan(8);
        for (const canvas of await charts.all()) {
          const box = (await canvas.boundingBox())!;
          expect(box.x + box.width).toBeLessThanOrEqual(1920);
        }
      },
      { hash: '#all+instructor' },
    ));

  it('fits 360 px with 64 workers, too', () =>
    look('fleets.html', (page) => expectToFit(page, 360), { hash: '#all+instructor' }));

  it('switches between light and dark, charts included, and remembers it', () =>
    look(
      'report.html',
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
      { hash: '#all' },
    ));

  it('prints light, with figures open and none larger than a page', () =>
    look(
      'report.html',
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
      { colorScheme: 'dark', hash: '#all' },
    ));
});

describe('under bad conditions', () => {
  it('has verdict, tables and lesson without JavaScript', () =>
    look(
      'report.html',
      async (page) => {
        expect(await page.locator('#verdict').textContent()).toBe(record.verdict!.sentence);
        for (const id of ['picture', 'figures', 'why', 'exercises', 'key-points', 'trust']) {
          expect([id, await page.locator(`#${id}`).isVisible()]).toEqual([id, true]);
        }
        expect(await page.locator('.lead-figure table').isVisible()).toBe(true);
        expect(await page.locator('.arm').nth(1).locator('.block').count()).toBe(4);
        expect(await page.locator('.needs-script:visible').count()).toBe(0);
      },
      { javaScriptEnabled: false },
    ));

  it('forbids scripts that are not its own, and every request', async () => {
    const { page, complaints, requests } = await open('report.html', { offline: false });
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
      'hostile.html',
      async (page) => {
        await page.locator('#key-number').fill('1');
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
        await expectToFit(page, 360);
      },
      { offline: false, hash: '#all+instructor' },
    ));
});

it('the buttons save the record as it was, and the figures as CSV, whatever the address', () =>
  look(
    'report.html',
    async (page) => {
      const saved = async (id: string) => {
        const download = page.waitForEvent('download', { timeout: 5000 });
        await page.locator(id).click();
        return readFileSync((await (await download).path())!, 'utf8');
      };
      expect(JSON.parse(await saved('#save-record'))).toEqual(record);
      const tables = (await saved('#save-figures')).split('\r\n\r\n');
      const table = tables.find((one) => one.startsWith('Hit rate of each fleet'))!;
      const [, head, , second] = table.split('\r\n');
      expect(head).toBe('arm,lookups,hits,misses,hit rate,expected hit rate,from,to');
      const { hits } = record.arms[0]!.phases[1]!.totals;
      expect(second).toBe(`1 worker · restart,300,${hits},${300 - hits},${hits / 300},–,–,–`);
    },
    // No text in percent-encoding.
    { hash: '#%' },
  ));
