import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { launchChromium, openWatched } from './html/chromium.ts';
import { renderReport } from './html/render.ts';
import { readRecord } from './record-file.ts';

/**
 * The first screen of reports, for the README and the course: `node reports/screenshots.ts
 * RECORD…` writes `reports/screenshots/<scenario>.png` and `<scenario>-dark.png` for each record.
 */
async function takeScreenshots(records: readonly string[]): Promise<void> {
  const target = join(import.meta.dirname, 'screenshots');
  const folder = mkdtempSync(join(tmpdir(), 'screenshots-'));
  const browser = await launchChromium();
  try {
    mkdirSync(target, { recursive: true });
    for (const path of records) {
      const record = readRecord(path);
      const file = join(folder, 'report.html');
      writeFileSync(file, renderReport(record));
      for (const colorScheme of ['light', 'dark'] as const) {
        const { page } = await openWatched(browser, pathToFileURL(file).href, {
          colorScheme,
          viewport: { width: 1280, height: 920 },
        });
        const name = `${record.scenario.name}${colorScheme === 'dark' ? '-dark' : ''}.png`;
        await page.screenshot({ path: join(target, name) });
        process.stdout.write(`${join(target, name)}\n`);
        await page.context().close();
      }
    }
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
}

await takeScreenshots(process.argv.slice(2));
