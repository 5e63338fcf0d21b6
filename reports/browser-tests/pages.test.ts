import { describe, expect, it } from 'vitest';
import { comparePage } from '../compare/compare-page.ts';
import { compareRecords } from '../compare/comparison.ts';
import { renderCourse } from '../course/render-course.ts';
import { hostileRecord } from '../fixtures/hostile-record.ts';
import { sampleCourse } from '../fixtures/sample-course.ts';
import { sampleRecord } from '../fixtures/sample-record.ts';
import { indexPage } from '../runs/index-page.ts';
import { barriers, expectToFit, lookingAt } from './looking.ts';

/** The pages around the reports. */
const runs = [4, 8].map((workers) => sampleRecord({ workers: [1, workers] }));
const course = sampleCourse({ withSharedCache: true });
const pages = new Map([
  ...renderCourse(course),
  ['compare.html', comparePage(compareRecords(runs))],
  ['runs.html', runsPage()],
]);
const { look } = lookingAt(pages);

function runsPage(): string {
  return indexPage({
    runs: [...runs, hostileRecord()].map((head) => ({ folder: 'a', head, hasReport: true })),
    strangers: [{ folder: 'photos', problem: 'It holds no record.json.' }],
    comparisons: ['b.html'],
    hasCourse: true,
  });
}

// A lesson with a run is a report, which has tests of its own.
const lessons = course.lessons.filter(({ record }) => record).map(({ name }) => `${name}.html`);
const kinds = [...pages.keys()].filter((name) => !lessons.includes(name));

it.each(kinds)('%s has no barriers, and fits 360 px in a wide font and in a narrow one', (file) =>
  look(file, async (page) => {
    expect(await barriers(page)).toEqual([]);
    await expectToFit(page, 360);
  }),
);

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
      const lessons = course.lessons.map(({ name }) => `${name}.html`);
      expect(seen).toEqual([...lessons, 'closing.html']);
    }));
});

describe('the questions of the closing page', () => {
  it('are answered by the keyboard; the advice is said and marked as soon as they decide', () =>
    look('closing.html', async (page) => {
      const said = page.locator('#decision-said');
      const chosen = page.locator('.advice .chosen .when');
      // Tab stops at the first answer of each question; the arrow chooses the second.
      await page.locator('input[name="alone"]').first().focus();
      await page.keyboard.press('ArrowDown');
      expect(await said.textContent()).toBe('Keep answering; advice appears once it is settled.');
      expect(await chosen.count()).toBe(0);
      await page.keyboard.press('Shift+Tab');
      await page.keyboard.press('Space');
      expect(await said.textContent()).toBe('No cache at all.');
      await page.keyboard.press('ArrowUp');
      expect(await said.textContent()).toBe('A shared cache.');
      expect(await chosen.allTextContents()).toEqual(['Several processes']);
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

it('the page of a comparison draws the figures of the records', () =>
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

it('a lesson is the report, its result opened by the prediction', () =>
  look('hit-rate.html', async (page) => {
    expect(await page.locator('.way').count()).toBe(2);
    expect(await page.locator('#picture').isVisible()).toBe(false);
    await page.locator('.answer').first().click();
    expect(await page.locator('#picture').isVisible()).toBe(true);
    expect(await page.locator('#figures').isVisible()).toBe(true);
    const canvas = page.locator('.lead-figure canvas');
    expect(await canvas.evaluate((c) => c.clientWidth)).toBeGreaterThan(200);
  }));
