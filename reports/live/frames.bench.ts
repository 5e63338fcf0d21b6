import type { Browser, Page } from 'playwright-core';
import { launchChromium, openWatched } from '../browser-tests/chromium.ts';
import { startFakeLab } from './fixtures/fake-lab.ts';
import { SyntheticFleet } from './fixtures/synthetic-fleet.ts';

export const title = 'Live view: 50 frames per second at 2,000 requests per second';

const LIMIT = 50;
const MILLIS = 5_000;
const FRAME_MILLIS = 50;

/**
 * Opens the presenter's page on made-up fleets, on a projector, and counts what it draws. A page that
 * moves one letter is counted beside it: on a busy machine no page has more frames than that.
 */
export async function run(print: (line: string) => void): Promise<void> {
  const browser = await launchChromium();
  try {
    const { page } = await openWatched(browser, EMPTY_PAGE);
    const most = await framesDrawn(page);
    print(`a page that moves one letter: ${most.perSecond.toFixed(1)} frames/s`);
    await page.context().close();
    for (const [workers, ratePerSecond] of [
      [4, 30],
      [4, 2_000],
      [16, 2_000],
    ] as const) {
      print(await measured(browser, workers, ratePerSecond));
    }
  } finally {
    await browser.close();
  }
}

const EMPTY_PAGE =
  'data:text/html,<p id=p>x<script>(function f(t){p.style.marginLeft=t%25100+"px";requestAnimationFrame(f)})(0)</script>';

async function measured(browser: Browser, workers: number, ratePerSecond: number) {
  const fleet = new SyntheticFleet({ workers, ratePerSecond, keys: 1_000 });
  const lab = await startFakeLab({ whole: () => ({ is: 'whole', ...fleet.whole() }) });
  let bytes = 0;
  const timer = setInterval(() => {
    const message = { is: 'frame', ...fleet.frame(FRAME_MILLIS) } as const;
    bytes += JSON.stringify(message).length;
    lab.tell(message);
  }, FRAME_MILLIS);
  try {
    const viewport = { width: 1280, height: 720 };
    const { page } = await openWatched(browser, lab.presenter, { viewport });
    await page.locator('.card').first().waitFor();
    bytes = 0;
    const { perSecond, slow, work } = await framesDrawn(page);
    const sent = (1_000 * bytes) / MILLIS / 1_000;
    await page.context().close();
    return (
      `${workers} workers, ${ratePerSecond} requests/s: ${perSecond.toFixed(1)} frames/s, one in twenty ` +
      `later than ${slow.toFixed(0)} ms, ${work.toFixed(1)} ms of the page's thread each – ` +
      `${perSecond >= LIMIT ? 'ok' : 'MISSED'}; ${sent.toFixed(0)} kB/s`
    );
  } finally {
    clearInterval(timer);
    await lab.stop();
  }
}

/** Frames per second, the gap that one in twenty exceeds, and the processor's time for each. */
async function framesDrawn(page: Page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const worked = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')!.value;
  };
  const before = await worked();
  const gaps = (await page.evaluate(GAPS)) as number[];
  const work = (1_000 * (await worked()) - 1_000 * before) / gaps.length;
  const slow = gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length * 0.95)]!;
  return { perSecond: (1_000 * gaps.length) / gaps.reduce((a, b) => a + b, 0), slow, work };
}

/** Runs in the page: the milliseconds from frame to frame. */
const GAPS = `new Promise((done) => {
  const gaps = [];
  let last = performance.now();
  const end = last + ${MILLIS};
  requestAnimationFrame(function frame(now) {
    gaps.push(now - last);
    last = now;
    if (now < end) requestAnimationFrame(frame);
    else done(gaps);
  });
})`;
