import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { launchChromium, openWatched } from '../browser-tests/chromium.ts';
import { sampleRecord } from '../fixtures/sample-record.ts';
import { bundledScripts } from '../page/bundle.ts';
import { renderReport } from './render.ts';

export const title = 'Report: rendering under 150 ms, drawn within 1 s';

const RENDER_LIMIT_MILLIS = 150;
const DRAW_LIMIT_MILLIS = 1000;
const ROUNDS = 9;

/** Renders a report of five fleets, the first time and again, and opens it in Chromium. */
export async function run(print: (line: string) => void): Promise<void> {
  const record = sampleRecord({ workers: [1, 2, 4, 8, 64] });
  // The very first report after an installation takes as long as the bundling of its scripts besides.
  bundledScripts();
  const first = timed(() => renderReport(record));
  const again = median(Array.from({ length: ROUNDS }, () => timed(() => renderReport(record))));
  print(line('first rendering in a process, scripts bundled before', first, RENDER_LIMIT_MILLIS));
  print(line('rendering again', again, RENDER_LIMIT_MILLIS));
  print(line('opened and drawn', await drawMillis(renderReport(record)), DRAW_LIMIT_MILLIS));
}

/** From the start of navigation until every chart is drawn: the page's own clock. */
async function drawMillis(page: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'report-'));
  const browser = await launchChromium();
  try {
    const file = join(folder, 'report.html');
    writeFileSync(file, page);
    const times: number[] = [];
    for (let round = 0; round < 3; round++) {
      const watched = await openWatched(browser, pathToFileURL(file).href);
      times.push(
        await watched.page.evaluate(
          'performance.timing.domComplete - performance.timing.navigationStart',
        ),
      );
      await watched.page.context().close();
    }
    return median(times);
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
}

function timed(action: () => unknown): number {
  const start = performance.now();
  action();
  return performance.now() - start;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}

function line(what: string, millis: number, limit: number): string {
  const verdict = millis <= limit ? 'ok' : 'MISSED';
  return `${what}: ${millis.toFixed(0)} ms, ${(millis / limit).toFixed(2)} of the ${limit} ms allowed – ${verdict}`;
}
