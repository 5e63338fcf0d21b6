import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { launchChromium, openWatched, type WatchedPage } from './chromium.ts';

/** How a test looks at a page: the options of a browser's context, and what stands behind `#`. */
export type LookOptions = BrowserContextOptions & { readonly hash?: string };

/**
 * Puts pages into a folder, by their names, and opens them there as a person does: offline, from a
 * file. One browser serves all tests of the file that calls this.
 */
export function lookingAt(pages: ReadonlyMap<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), 'pages-'));
  let browser: Browser;
  beforeAll(async () => {
    for (const [name, page] of pages) writeFileSync(join(folder, name), page);
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });
  /** Opens a page, which stays open until the test or the browser ends it. */
  const open = (file: string, { hash = '', ...options }: LookOptions = {}) =>
    openWatched(browser, pathToFileURL(join(folder, file)).href + hash, {
      offline: true,
      colorScheme: 'light',
      // A page that plays by itself stands nowhere in particular.
      reducedMotion: 'reduce',
      ...options,
    });
  /** Opens a page, lets the test look, and holds that nothing was complained about or fetched. */
  const look = async (
    file: string,
    use: (page: Page, watched: WatchedPage) => Promise<void>,
    options?: LookOptions,
  ) => {
    const watched = await open(file, options);
    try {
      await use(watched.page, watched);
      expect(watched.complaints).toEqual([]);
      expect(watched.requests).toEqual([]);
    } finally {
      await watched.page.context().close();
    }
  };
  return { open, look };
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeFinding {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What axe-core finds against a light page with everything open, and against its dark colours. */
export async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
  const light = await axe(page, [...wcag, 'best-practice']);
  await page.locator('#theme').click();
  expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
  return [...light, ...(await axe(page, ['cat.color']))];
}

async function axe(page: Page, tags: string[]): Promise<string[]> {
  const violations = await page.evaluate(async (runOnly) => {
    for (const details of document.querySelectorAll('details')) details.open = true;
    // biome-ignore lint/suspicious/noExplicitAny: axe is a global of the page
    const results = await (globalThis as any).axe.run(document, {
      resultTypes: ['violations'],
      runOnly,
    });
    return results.violations as AxeFinding[];
  }, tags);
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)} ${nodes[0]?.failureSummary}`,
  );
}

/** A wide font and a narrow one: a layout must hold with whatever a reader has. */
export const FONTS = ['DejaVu Sans', 'Roboto Condensed'] as const;

/** Sets the whole page in one font. */
export async function useFont(page: Page, font: string): Promise<void> {
  const installed = await page.evaluate((name) => {
    for (const kind of ['--serif', '--sans', '--mono']) {
      document.documentElement.style.setProperty(kind, `"${name}"`);
    }
    const context = document.createElement('canvas').getContext('2d')!;
    return ['serif', 'monospace'].every((other) => {
      context.font = `40px ${other}`;
      const { width } = context.measureText('What worker holds what');
      context.font = `40px "${name}", ${other}`;
      return context.measureText('What worker holds what').width !== width;
    });
  }, font);
  if (!installed) throw new Error(`The font ${font} is not there. Run: npm run test:setup`);
}

/** Holds that a page does not scroll sideways in a window of that width, whatever the font. */
export async function expectToFit(page: Page, width: number): Promise<void> {
  await page.setViewportSize({ width, height: 800 });
  for (const font of FONTS) {
    await useFont(page, font);
    // Charts follow the window a moment later.
    await expect.poll(() => beyondTheEdge(page), { timeout: 10_000 }).toEqual([]);
  }
}

/** What reaches beyond the window's right edge; empty where nothing scrolls sideways. */
function beyondTheEdge(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    return [...document.querySelectorAll('body *')]
      .filter((one) => !one.closest('.scroll') && one.getBoundingClientRect().right > clientWidth)
      .map((one) => `${one.tagName} ${one.className}: ${one.textContent.trim().slice(0, 60)}`);
  });
}
