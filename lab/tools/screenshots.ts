import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../../reports/browser-tests/chromium.ts';

/** `npm run screenshots`: the pictures of README and course, from real runs in a real browser. */

const FOLDER = path.join(import.meta.dirname, '../../reports/screenshots');

interface Picture {
  /** Of the PNG, without its ending. */
  readonly name: string;
  /** Page to open, below the folder of the run. */
  readonly page: string;
  readonly height: number;
  readonly colorScheme?: 'light' | 'dark';
}

const out = mkdtempSync(path.join(tmpdir(), 'screenshots-'));
const browser = await launchChromium();
try {
  mkdirSync(FOLDER, { recursive: true });
  const { report } = JSON.parse(lab('--workers', '4', '--json')) as { report: string };
  await take(browser, { name: 'hit-rate', page: report, height: 800 });
  await take(browser, { name: 'hit-rate-dark', page: report, height: 800, colorScheme: 'dark' });
  lab('course', '--brief');
  await take(browser, { name: 'course', page: 'course/index.html', height: 800 });
} finally {
  await browser.close();
  rmSync(out, { recursive: true, force: true });
}

/** Runs the lab as a person would; gives back its standard output. */
function lab(...args: string[]): string {
  return execFileSync(
    process.execPath,
    [
      '--disable-warning=TimeoutNegativeWarning',
      path.join(import.meta.dirname, '../cli.ts'),
      ...args,
      '--quiet',
      '--out',
      out,
    ],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
}

/** The first screen of a page, 1280 px wide. */
async function take(
  browser: Browser,
  { name, page: address, height, colorScheme = 'light' }: Picture,
): Promise<void> {
  const reducedMotion = 'reduce';
  const page = await browser.newPage({
    ...{ viewport: { width: 1280, height }, colorScheme, reducedMotion },
  });
  await page.goto(pathToFileURL(path.resolve(out, address)).href);
  await page.evaluate('document.fonts.ready');
  // The end of the run is what its figures are of.
  const slider = page.locator('.picture .scrubber input');
  if ((await slider.count()) > 0) await slider.press('End');
  await page.evaluate('document.activeElement.blur()');
  // The picture follows with the next frame.
  await page.evaluate(
    'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))',
  );
  await page.screenshot({ path: path.join(FOLDER, `${name}.png`), animations: 'disabled' });
  await page.close();
  process.stdout.write(`reports/screenshots/${name}.png\n`);
}
