import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hostileRecord, PAYLOAD } from '../fixtures/hostile-record.ts';
import { SAMPLE_EXHIBITS, sampleRecord, troubledRecord } from '../fixtures/sample-record.ts';
import { visible } from '../page/html.ts';
import { renderReport } from '../report/render.ts';
import { barriers, expectToFit, lookingAt } from './looking.ts';

/** The report of a run, used by a person. */
const record = troubledRecord({ exhibits: SAMPLE_EXHIBITS });
const { open, look } = lookingAt(
  new Map([
    ['report.html', renderReport(record)],
    ['fleets.html', renderReport(sampleRecord({ workers: [1, 2, 4, 8, 64] }))],
    ['hostile.html', renderReport(hostileRecord())],
  ]),
);

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
