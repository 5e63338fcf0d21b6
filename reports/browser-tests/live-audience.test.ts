import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type FakeLab, type FakeLabOptions, startFakeLab } from '../live/fixtures/fake-lab.ts';
import { SyntheticFleet } from '../live/fixtures/synthetic-fleet.ts';
import type { Answered, Own } from '../live/protocol.ts';
import { launchChromium, openWatched } from './chromium.ts';
import { SAMPLE_ACT, soon } from './live-showing.ts';
import { barriers, expectToFit } from './looking.ts';

/** A participant's page on a phone, with a lab that answers as a test has it answer. */
let browser: Browser;
let lab: FakeLab;
let page: Page;
let complaints: string[];
let asked: { path: string; body: unknown }[];
let answers: Record<string, ReturnType<NonNullable<FakeLabOptions['onParticipant']>>>;

const own: Own = { act: null, vote: null, busy: null, key: 17 };
const hit: Answered = { slot: 3, key: 17, outcome: 'hit', millis: 0.4, pid: 40_335 };
const newest = () => page.locator('.newest').innerText();

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());
beforeEach(async () => {
  asked = [];
  answers = {
    '/join': { status: 200, body: { token: 'a token', number: 5, key: 17 } },
    '/ask': { status: 200, body: hit },
    '/vote': { status: 204 },
  };
  lab = await startFakeLab({
    whole: () => ({ is: 'whole', ...new SyntheticFleet().whole() }),
    onParticipant: (path, body) => {
      asked.push({ path, body });
      return answers[path]!;
    },
  });
  const viewport = { width: 360, height: 740 };
  ({ page, complaints } = await openWatched(browser, lab.audience, { viewport }));
  await page.locator('.ask-button').waitFor();
  await soon(() => lab.participants()).toBe(1);
});
afterEach(async () => {
  await page.context().close();
  await lab.stop();
});

it('says who one is, asks by one button, and tells who answered and whether it knew', async () => {
  expect(await page.locator('h1').innerText()).toBe('You are user 17');
  expect(await page.locator('header').innerText()).toContain('carry the number 5');
  await page.locator('.ask-button').click();
  await soon(newest).toMatch(/worker 3\s+knew you\s+hit, 400\sµs · process 40335/);
  answers['/ask'] = { status: 200, body: { ...hit, slot: 1, outcome: 'cold', millis: 24 } };
  await page.keyboard.press('Enter');
  await soon(newest).toMatch(/worker 1\s+did not know you\s+miss, 24\sms/);
  expect(await page.locator('.own-answers li').allInnerTexts()).toEqual([
    expect.stringMatching(/worker 3\s+hit\s+400\sµs/),
  ]);
  expect(complaints).toEqual([]);
});

it('keeps the last eight answers', async () => {
  for (let slot = 1; slot <= 10; slot++) {
    answers['/ask'] = { status: 200, body: { ...hit, slot } };
    await page.locator('.ask-button').click();
    await soon(newest).toContain(`worker ${slot}`);
  }
  expect(await page.locator('.own-answers li').count()).toBe(7);
});

it('votes in an act until its answer is shown', async () => {
  lab.tellOwn({ ...own, act: SAMPLE_ACT });
  const answer = (index: number) => page.locator('.votes button').nth(index);
  await answer(1).click();
  await soon(() => answer(1).getAttribute('aria-pressed')).toBe('true');
  await soon(() => asked.at(-1)).toEqual({ path: '/vote', body: { answer: 1 } });
  lab.tellOwn({
    ...{ ...own, vote: 1 },
    act: { ...SAMPLE_ACT, step: 'shown', right: 1, outcome: 'Two of four know it.' },
  });
  await soon(() => page.locator('.question').innerText()).toContain('Right. Two of four know it.');
  expect(await answer(1).isDisabled()).toBe(true);
  expect(await answer(1).getAttribute('class')).toBe('right');
});

it('says what was refused, and joins anew where it is not known any more', async () => {
  answers['/ask'] = { status: 429, body: { message: 'Five times a second is the most.' } };
  await page.locator('.ask-button').click();
  await soon(() => page.locator('.notice').innerText()).toBe('Five times a second is the most.');
  answers['/ask'] = { status: 403 };
  answers['/join'] = { status: 200, body: { token: 'another', number: 6, key: 21 } };
  await page.locator('.ask-button').click();
  await soon(() => page.locator('h1').innerText()).toBe('You are user 21');
});

it('runs nothing of what it is told, has no barriers, and fits', async () => {
  const nasty = '</script><img src=x onerror="broken=1"><script>broken=1</script>';
  const act = { ...SAMPLE_ACT, title: nasty, question: nasty };
  lab.tellOwn({ ...own, busy: nasty, act: { ...act, answers: [nasty, nasty, nasty, nasty] } });
  await soon(() => page.locator('.question').innerText()).toContain('</script>');
  await page.locator('.ask-button').click();
  await soon(newest).toContain('knew you');
  expect(await page.evaluate(() => 'broken' in window)).toBe(false);
  expect(await page.locator('img').count()).toBe(0);
  expect(await barriers(page)).toEqual([]);
  await expectToFit(page, 360);
  expect(complaints).toEqual([]);
});
