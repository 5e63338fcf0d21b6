import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { SAMPLE_EXHIBITS, sampleRecord, troubledRecord } from '../fixtures/sample-record.ts';
import { html } from '../page/html.ts';
import { renderReport } from '../report/render.ts';
import { FONTS, lookingAt, useFont } from './looking.ts';

/** What a reader sees first: of a run its result, of a lesson the question. */
const record = troubledRecord({ exhibits: SAMPLE_EXHIBITS });
const { look } = lookingAt(
  new Map([
    ['report.html', renderReport(record)],
    ['lesson.html', renderReport(record, { before: html``, after: html`` })],
    ['run.html', renderReport(sampleRecord())],
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
        await page.clock.install();
        await page.reload();
        const play = page.locator('.picture [data-act="play"]');
        await expect.poll(() => play.getAttribute('aria-label'), { timeout: 10_000 }).toBe('Pause');
        await page.clock.fastForward(20_000);
        await page.clock.runFor(100);
        await expect.poll(() => said(page), { timeout: 10_000 }).toBe('after 240 of 240 requests');
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
