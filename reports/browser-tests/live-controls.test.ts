import { describe, expect, it } from 'vitest';
import type { Setting } from '../live/protocol.ts';
import { cutTexts, SAMPLE_ACT, SAMPLE_AUDIENCE, showingLive, soon } from './live-showing.ts';
import { barriers, expectToFit, FONTS, useFont } from './looking.ts';

/** The presenter's page: what can be done with it, and what form it has. */
const show = showingLive();
const set = (setting: Partial<Setting>) => ({ do: 'set', setting });

describe('the controls', () => {
  it('work by keyboard', async () => {
    const { page, commands } = await show();
    for (const key of [' ', '+', 'w', 'o', 'b', 'r', 'c', '2', 'x', 'n']) {
      await page.keyboard.press(key);
    }
    await soon(() => commands).toEqual([
      { do: 'pause' },
      set({ ratePerSecond: 50 }),
      set({ workers: 5 }),
      set({ routing: 'fresh' }),
      set({ backend: 'redis' }),
      { do: 'restart' },
      { do: 'clear' },
      { do: 'kill', slot: 2 },
      { do: 'rename', key: 123 },
    ]);
    commands.length = 0;
    await page.keyboard.press('u');
    await page.keyboard.type('77');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await page.keyboard.press('t');
    await page.keyboard.type('2.5');
    await page.keyboard.press('Enter');
    await soon(() => commands).toEqual([
      { do: 'ask', key: 77, slot: 2 },
      set({ timeoutSeconds: 2.5 }),
    ]);
    await page.keyboard.press('?');
    await soon(() => page.locator('.help').isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    await soon(() => page.locator('.help').isVisible()).toBe(false);
  });

  it('work by mouse, after which the keyboard is the page’s again', async () => {
    const { page, commands } = await show();
    await page.locator('input[value="redis"]').click();
    await page.keyboard.press(' ');
    await page.getByRole('button', { name: 'Clear all' }).click();
    await page.keyboard.press(' ');
    await soon(() => commands).toEqual([
      set({ backend: 'redis' }),
      { do: 'pause' },
      { do: 'clear' },
      { do: 'pause' },
    ]);
  });

  it('gather steps that start the workers anew, and show them before they are told back', async () => {
    const { page, fleet, tell, commands } = await show();
    const shown = () => page.locator('.stepper output').textContent();
    for (let step = 0; step < 3; step++) await page.keyboard.press('w');
    await soon(shown).toBe('7');
    await soon(() => commands).toEqual([set({ workers: 7 })]);
    tell({ said: 'There is no room for 7 workers.', setting: fleet.setting });
    await soon(shown).toBe('4');
  });

  it('say what starts the workers anew, and why something cannot be chosen', async () => {
    const { page } = await show();
    const names = await page.locator('.label:has(.restarts)').allInnerTexts();
    expect(names.map((name) => name.split(/[\s↻,]/)[0])).toEqual([
      'workers',
      'launcher',
      'backend',
      'TIMEOUT',
      'MAX_ENTRIES',
      'keys',
    ]);
    expect(await page.locator('input[value="memcached"]').isDisabled()).toBe(true);
    expect(await page.locator('.why-not').textContent()).toBe('memcached: not installed here');
  });

  it('send nothing that a field refuses', async () => {
    const { page, commands } = await show();
    for (const [field, value] of [
      ['maxEntries', '0'],
      ['ask', '201'],
      ['maxEntries', '50'],
    ]) {
      await page.locator(`[data-field="${field}"]`).fill(value!);
      await page.keyboard.press('Enter');
    }
    await soon(() => commands).toEqual([set({ maxEntries: 50 })]);
  });

  it('tell who answered, and what could not be done', async () => {
    const { page, fleet, tell } = await show();
    tell({ dots: [{ ...fleet.request(5, 2), guest: 0 }], said: 'Redis is not there.' });
    await soon(() => page.locator('.answered').textContent()).toMatch(/^user 5: worker 2, /);
    expect(await page.locator('.notice').textContent()).toBe('Redis is not there.');
  });
});

describe('an act', () => {
  it('is begun, asks, counts votes, and shows its answer on demand', async () => {
    const { page, tell, commands } = await show({ parts: { audience: SAMPLE_AUDIENCE } });
    await page.getByRole('button', { name: 'Begin' }).click();
    await soon(() => commands).toEqual([{ do: 'act', number: 1 }]);
    tell({ act: SAMPLE_ACT });
    await soon(() => page.locator('.acts h2').textContent()).toBe(SAMPLE_ACT.question);
    expect(await page.locator('.act-title').textContent()).toContain('19\u00a0votes');
    expect(await page.locator('.answers .right').count()).toBe(0);
    for (const key of ['a', 'ArrowRight', 'ArrowLeft']) await page.keyboard.press(key);
    await soon(() => commands.slice(1)).toEqual([
      { do: 'show' },
      { do: 'act', number: 4 },
      { do: 'act', number: 2 },
    ]);
    tell({ act: { ...SAMPLE_ACT, step: 'shown', right: 1, outcome: 'Workers 2 and 3 know it.' } });
    await soon(() => page.locator('.answers .right').allTextContents()).toEqual([
      'BOne of them, or two (right)11',
    ]);
    expect(await page.locator('.acts').textContent()).toContain('Workers 2 and 3 know it.');
  });
});

it('runs nothing of what it is told', async () => {
  const nasty = '</script><img src=x onerror="window.broken=1"><script>broken=1</script>\u202e';
  const qr = '<svg xmlns="http://www.w3.org/2000/svg" onload="parent.broken=1"/>';
  const { page, tell, complaints } = await show({
    parts: {
      act: {
        ...SAMPLE_ACT,
        ...{ title: nasty, setting: nasty, question: nasty },
        answers: [nasty, nasty, nasty, nasty],
      },
      audience: { ...SAMPLE_AUDIENCE, address: nasty, qr },
      ...{ busy: nasty, saved: nasty },
    },
  });
  tell({ said: nasty });
  await page.keyboard.press('g');
  await soon(() => page.locator('.notice').textContent()).toContain('</script>');
  await page.locator('.invitation img').waitFor();
  expect(await page.evaluate(() => 'broken' in window)).toBe(false);
  expect(await page.locator('[onerror], [onload]').count()).toBe(0);
  expect(await page.locator('img').count()).toBe(1);
  expect(complaints).toEqual([]);
});

describe('the form', () => {
  it('has no barriers, light and dark', async () => {
    const { page, complaints } = await show({
      parts: { act: SAMPLE_ACT, audience: SAMPLE_AUDIENCE },
    });
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it.each([1, 4, 16])('fits a projector and a phone: %i workers and an act', async (workers) => {
    const parts = { act: SAMPLE_ACT, audience: SAMPLE_AUDIENCE };
    const { page } = await show({ setting: { workers }, parts });
    for (const font of FONTS) {
      await useFont(page, font);
      await soon(() => cutTexts(page)).toEqual([]);
    }
    await expectToFit(page, 360);
  });
});
