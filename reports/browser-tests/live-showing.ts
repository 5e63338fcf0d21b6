import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { type FakeLab, startFakeLab } from '../live/fixtures/fake-lab.ts';
import { SyntheticFleet } from '../live/fixtures/synthetic-fleet.ts';
import type { ActState, Command, Frame, Setting, Whole } from '../live/protocol.ts';
import { stageLayout } from '../live/stage-layout.ts';
import { launchChromium, openWatched, type WatchedPage } from './chromium.ts';

/** An act as it may be. */
export const SAMPLE_ACT: ActState = {
  ...{ number: 3, of: 7, title: 'User 123', step: 'asked', right: null, outcome: null },
  setting: 'Four workers, each with a cache of its own.',
  question: 'User 123 was asked for twice. Who knows it now?',
  answers: ['All four workers', 'One of them, or two', 'None of them', 'The primary'],
  votes: [3, 11, 1, 4],
};

/** An audience that has been invited. */
export const SAMPLE_AUDIENCE = {
  address: 'http://192.168.1.7:4000/',
  qr: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><path d="M0 0h4v4H0z"/></svg>',
  participants: 12,
};

interface Show {
  readonly setting?: Partial<Setting>;
  readonly parts?: Partial<Whole>;
  readonly motion?: 'reduce' | 'no-preference';
}

/** The presenter's page in a browser, and the lab that says to it what a test has it say. */
export interface Shown extends WatchedPage {
  readonly lab: FakeLab;
  /** A made-up fleet that has served for a while. */
  readonly fleet: SyntheticFleet;
  /** What the page has asked for. */
  readonly commands: Command[];
  /** How often it was told everything. */
  readonly wholes: () => number;
  /** Says the next message; `skipping` loses some before it. */
  readonly tell: (frame: Omit<Frame, 'number'>, skipping?: number) => void;
}

/** Shows the page to the tests of a file, each time anew, with one browser for all. */
export function showingLive(): (show?: Show) => Promise<Shown> {
  let browser: Browser;
  const opened: Shown[] = [];
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterEach(async () => {
    for (const { page, lab } of opened.splice(0)) {
      await page.context().close();
      await lab.stop();
    }
  });
  afterAll(() => browser?.close());
  return async (wanted) => {
    const shown = await open(browser, wanted);
    opened.push(shown);
    return shown;
  };
}

async function open(browser: Browser, show: Show = {}): Promise<Shown> {
  const { setting = {}, parts = {}, motion = 'reduce' } = show;
  const fleet = new SyntheticFleet(setting);
  for (let second = 0; second < 20; second++) fleet.frame(1_000);
  const commands: Command[] = [];
  let number = 0;
  let wholes = 0;
  const lab = await startFakeLab({
    whole: () => {
      wholes++;
      return { is: 'whole', ...fleet.whole(parts), number };
    },
    onCommand: (command) => commands.push(command),
  });
  const watched = await openWatched(browser, lab.presenter, {
    viewport: { width: 1280, height: 720 },
    colorScheme: 'light',
    reducedMotion: motion,
  });
  const card = watched.page.locator('.card').first();
  // On a busy machine a page sometimes stays empty until it is opened again; why is not known.
  await card.waitFor({ timeout: 10_000 }).catch(() => watched.page.reload());
  await card.waitFor();
  const tell: Shown['tell'] = (frame, skipping = 0) => {
    number += 1 + skipping;
    lab.tell({ is: 'frame', number, ...frame });
  };
  return { ...watched, ...{ lab, fleet, commands, tell }, wholes: () => wholes };
}

/** Polls until what one looks at is as expected. */
export const soon = <T>(look: () => Promise<T> | T) => expect.poll(look, { timeout: 10_000 });

/** A worker's card; 0: the shared cache's. */
export const cardOf = (page: Page, slot: number) => page.locator(`.card[data-slot="${slot}"]`);

/** What is in each cell, as the canvas has it: a character of the protocol's per key. */
export async function drawnCells(page: Page, workers: number, shared = false): Promise<string[]> {
  const place = await page.locator('.stage-place').evaluate((one) => ({
    width: one.clientWidth,
    height: one.clientHeight,
    rem: Number.parseFloat(getComputedStyle(document.documentElement).fontSize),
  }));
  const { grids } = stageLayout({ ...place, workers, keys: 200, clients: 40, shared });
  return page.evaluate((all) => {
    const style = getComputedStyle(document.documentElement);
    const colours = ['empty', 'alone', 'copy', 'spoilt'].map((name) =>
      style.getPropertyValue(`--${name}`).trim(),
    );
    const canvas = document.querySelector<HTMLCanvasElement>('.canvases canvas')!;
    // What is read often from a canvas itself slows it down, and the browser complains.
    const copy = new OffscreenCanvas(canvas.width, canvas.height);
    const drawn = copy.getContext('2d', { willReadFrequently: true })!;
    drawn.drawImage(canvas, 0, 0);
    return all.map(({ x, y, columns, pitch, shown }) =>
      Array.from({ length: shown }, (_, key) => {
        const left = x + (key % columns) * pitch + Math.floor((pitch - 1) / 2);
        const top = y + Math.floor(key / columns) * pitch + Math.floor((pitch - 1) / 2);
        const [r, g, b] = drawn.getImageData(left, top, 1, 1).data;
        const hex = `#${[r, g, b].map((part) => part!.toString(16).padStart(2, '0')).join('')}`;
        return '.123'[colours.indexOf(hex)] ?? '?';
      }).join(''),
    );
  }, grids);
}

/** Pixels that dots cover. */
export function inkOfDots(page: Page): Promise<number> {
  return page.evaluate(() => {
    const canvas = document.querySelectorAll<HTMLCanvasElement>('.canvases canvas')[1]!;
    const copy = new OffscreenCanvas(canvas.width, canvas.height);
    const drawn = copy.getContext('2d', { willReadFrequently: true })!;
    drawn.drawImage(canvas, 0, 0);
    const { data } = drawn.getImageData(0, 0, canvas.width, canvas.height);
    let inked = 0;
    for (let at = 3; at < data.length; at += 4) if (data[at]! > 0) inked++;
    return inked;
  });
}

/** Texts that do not fit into their place; the page itself, where it scrolls. */
export function cutTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const places =
      'html, .card, .launcher, .database, .segments, .answers li, .headline-live, .act-head';
    return [...document.querySelectorAll<HTMLElement>(places)]
      .filter(
        ({ scrollWidth, clientWidth, scrollHeight, clientHeight }) =>
          scrollWidth > clientWidth + 1 || scrollHeight > clientHeight + 1,
      )
      .map((one) => `${one.localName} ${one.className}: ${one.innerText.slice(0, 80)}`);
  });
}
