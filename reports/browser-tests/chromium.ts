import { accessSync, constants } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { chromiumCandidates } from '../page/chromium-path.ts';

/** Where Chromium is: the variable CHROMIUM, or one of the usual places. */
export function chromiumPath(): string {
  const wanted = process.env.CHROMIUM;
  const found = chromiumCandidates(wanted).find(isExecutable);
  if (found === undefined) {
    throw new Error(
      wanted
        ? `CHROMIUM is ${wanted}, which cannot be run; point it to a Chromium or leave it out.`
        : 'No Chromium was found to open reports in. Run: npm run test:setup (or set CHROMIUM to its path).',
    );
  }
  return found;
}

/** A headless Chromium that asks nobody for updates. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
}

/** A page, with whatever a sound one never does. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors and warnings on the console, uncaught exceptions, broken policies. */
  readonly complaints: string[];
  /** Requests to anything but the file itself. */
  readonly requests: string[];
}

/** Opens a file in a page of its own; close the page's context when done. */
export async function openWatched(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error.stack)));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!/^(file|data|blob):/.test(request.url())) requests.push(request.url());
  });
  await page.goto(url);
  return { page, complaints, requests };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
