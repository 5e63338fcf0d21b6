import { describe, expect, it } from 'vitest';
import { SyntheticFleet } from '../live/fixtures/synthetic-fleet.ts';
import { cardOf, drawnCells, inkOfDots, showingLive, soon } from './live-showing.ts';

/** The presenter's page: what it shows of what it is told. */
const show = showingLive();

describe('the stage', () => {
  it('has a card per worker, with the cells and figures that were told', async () => {
    const { page, fleet, tell, complaints } = await show();
    const { workers, cells } = fleet.whole();
    for (const { slot, pid, entries } of workers) {
      expect(await cardOf(page, slot).locator('.pid').textContent()).toBe(String(pid));
      expect(await cardOf(page, slot).locator('.entries').textContent()).toContain(String(entries));
    }
    await soon(() => drawnCells(page, 4)).toEqual(cells);
    const told = cells.map((cache) => [...cache]);
    const changes = [
      [1, 1, 0, 'evicted'],
      [2, 200, 1],
      [3, 7, 3],
      [4, 7, 3],
    ] as const;
    for (const [slot, key, code] of changes) told[slot - 1]![key - 1] = '.123'[code]!;
    tell({ cells: changes, flashes: [[1, 1]] });
    await soon(() => drawnCells(page, 4)).toEqual(told.map((cache) => cache.join('')));
    expect(complaints).toEqual([]);
  });

  it('draws one cache where all share one', async () => {
    const { page, fleet, tell } = await show({ setting: { backend: 'redis' } });
    tell({ cells: [[0, 1, 0, 'cleared']] });
    const [cells] = fleet.whole().cells;
    await soon(() => drawnCells(page, 4, true)).toEqual([`.${cells!.slice(1)}`]);
    expect(await page.locator('.card').count()).toBe(5);
  });

  it('flies dots, and says when they are a sample', async () => {
    const { page, fleet, tell } = await show({ motion: 'no-preference' });
    const said = page.locator('.dots-said');
    expect(await said.textContent()).toContain('a dot for every response');
    expect(await inkOfDots(page)).toBe(0);
    tell({ dots: [fleet.request(1), fleet.request(2)], dotsStandFor: 67 });
    await soon(() => inkOfDots(page)).toBeGreaterThan(20);
    await soon(() => said.textContent()).toContain('a sample: a dot for 67 responses');
    await soon(() => inkOfDots(page)).toBe(0);
  });

  it('flies none where motion is unwanted', async () => {
    const { page, fleet, tell } = await show({ motion: 'reduce' });
    tell({ dots: [fleet.request(1), fleet.request(2)], busy: 'told' });
    await page.getByText('told').waitFor();
    expect(await inkOfDots(page)).toBe(0);
  });

  it('kills a worker by a click, and shows the one that comes after it', async () => {
    const { page, fleet, tell, commands } = await show();
    await cardOf(page, 3).click();
    await soon(() => commands).toEqual([{ do: 'kill', slot: 3 }]);
    const third = fleet.whole().workers[2]!;
    const pid = cardOf(page, 3).locator('.pid');
    tell({ workers: [{ ...third, alive: false }] });
    await soon(() => pid.textContent()).toBe('gone');
    tell({ workers: [{ ...third, pid: 99_999 }] });
    await soon(() => pid.textContent()).toBe('99999');
  });

  it('becomes another when the fleet does', async () => {
    const { page, lab, complaints } = await show();
    const other = new SyntheticFleet({ workers: 9, keys: 50 });
    lab.tell({ is: 'whole', ...other.whole({ busy: 'starting 9 workers' }) });
    await soon(() => page.locator('.card').count()).toBe(9);
    expect(await page.locator('.busy').textContent()).toBe('starting 9 workers');
    expect(complaints).toEqual([]);
  });
});

describe('the line to the lab', () => {
  it('is opened again after a gap, and the page is complete', async () => {
    const { page, fleet, tell, wholes } = await show();
    tell({ cells: [[1, 1, 3]] }, 1);
    await soon(wholes).toBe(2);
    await soon(() => drawnCells(page, 4)).toEqual(fleet.whole().cells);
    tell({ busy: 'heard' });
    await page.getByText('heard').waitFor();
  });

  it('is found again after a cut, which is said meanwhile', async () => {
    const { page, lab, wholes } = await show();
    const notice = page.locator('.notice');
    lab.cut();
    await soon(() => notice.textContent()).toContain('The lab does not answer');
    await soon(wholes).toBe(2);
    await soon(() => notice.count()).toBe(0);
  });

  it('is refused without the secret', async () => {
    const { page, lab } = await show();
    await page.goto(lab.presenter.replace(/=.*/, '=guessed'));
    await soon(() => page.locator('.waiting').textContent()).toContain('open the address');
  });
});
