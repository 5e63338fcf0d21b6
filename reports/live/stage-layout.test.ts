import { describe, expect, it } from 'vitest';
import { type Box, gridFor, type StageLayout, stageLayout } from './stage-layout.ts';

/** The stage's place on a projector, on a large screen and on a phone, without and with an act. */
const PLACES = [
  { name: '1280 × 720', width: 828, height: 560, rem: 16.2 },
  { name: '1280 × 720 with an act', width: 828, height: 450, rem: 16.2 },
  { name: '1920 × 1080', width: 1370, height: 880, rem: 20 },
  { name: '360', width: 328, height: 544, rem: 16 },
];
const WORKERS = Array.from({ length: 16 }, (_, index) => index + 1);
const cases = PLACES.flatMap(({ name, ...place }) =>
  WORKERS.flatMap((workers) => [false, true].map((shared) => ({ name, place, workers, shared }))),
);

describe.each(cases)('$name, $workers workers, shared $shared', ({ place, workers, shared }) => {
  const layout = stageLayout({ ...place, workers, shared, keys: 200, clients: 40 });

  it('has a place for everything, none of them over another', () => {
    expect(layout.cards).toHaveLength(workers);
    const boxes = boxesOf(layout);
    for (const [index, box] of boxes.entries()) {
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(place.width + 0.01);
      expect(box.y + box.height).toBeLessThanOrEqual(layout.height + 0.01);
      for (const other of boxes.slice(index + 1)) expect(overlap(box, other)).toBe(false);
    }
  });

  it('has all keys in cells, within their card and below its head', () => {
    const homes = shared ? [layout.shared!] : layout.cards;
    expect(layout.grids).toHaveLength(homes.length);
    for (const [index, { x, y, columns, rows, pitch, shown }] of layout.grids.entries()) {
      const home = homes[index]!;
      expect(shown).toBe(200);
      expect(columns * rows).toBeGreaterThanOrEqual(200);
      expect(x).toBeGreaterThanOrEqual(home.x);
      expect(x + columns * pitch).toBeLessThanOrEqual(home.x + home.width + 1);
      expect(y).toBeGreaterThanOrEqual(home.y + 1.5 * place.rem);
      expect(y + rows * pitch).toBeLessThanOrEqual(home.y + home.height - 1.5 * place.rem);
    }
  });
});

it('fills its place exactly where that is high enough, and grows on a phone', () => {
  for (const workers of [1, 4, 8, 16]) {
    const wall = stageLayout({ ...PLACES[0]!, workers, shared: false, keys: 200, clients: 40 });
    expect(wall.height).toBeCloseTo(560);
    const phone = stageLayout({ ...PLACES[3]!, workers, shared: false, keys: 200, clients: 40 });
    expect(phone.height > 544).toBe(workers > 4);
  }
});

it('has four cards in a row on a projector, sixteen in two, and pairs on a phone', () => {
  const perRow = (place: (typeof PLACES)[number], workers: number) => {
    const { cards } = stageLayout({ ...place, workers, shared: false, keys: 50, clients: 1 });
    return cards.filter(({ y }) => y === cards[0]!.y).length;
  };
  expect([1, 4, 5, 6, 16].map((workers) => perRow(PLACES[0]!, workers))).toEqual([1, 4, 5, 3, 8]);
  expect([1, 2, 16].map((workers) => perRow(PLACES[3]!, workers))).toEqual([1, 2, 2]);
});

it('draws clients one by one, up to forty-eight', () => {
  const clients = (count: number) =>
    stageLayout({ ...PLACES[0]!, workers: 4, shared: false, keys: 50, clients: count }).clients;
  expect(clients(1)).toHaveLength(1);
  const many = clients(10_000);
  expect(many).toHaveLength(48);
  expect(many.every(({ x }) => x > 0 && x < 828)).toBe(true);
});

describe('the cells of a grid', () => {
  it('are as large as they can be, in whole pixels, but not larger than wanted', () => {
    expect(gridFor(200, { width: 180, height: 90 }, 24)).toEqual({
      columns: 20,
      pitch: 9,
      shown: 200,
    });
    expect(gridFor(200, { width: 95, height: 190 }, 24)).toMatchObject({ columns: 10, pitch: 9 });
    expect(gridFor(1, { width: 500, height: 500 }, 24)).toEqual({
      columns: 1,
      pitch: 24,
      shown: 1,
    });
  });

  it('are shown for as many keys as can be told apart', () => {
    const { columns, pitch, shown } = gridFor(1_000_000, { width: 180, height: 90 }, 24);
    expect({ columns, pitch, shown }).toEqual({ columns: 60, pitch: 3, shown: 1_800 });
  });

  it('are at least one, however small the place', () => {
    expect(gridFor(5, { width: 1, height: -3 }, 24)).toEqual({ columns: 1, pitch: 3, shown: 1 });
  });
});

function boxesOf({ launcher, cards, shared, database }: StageLayout): Box[] {
  return [launcher, ...cards, ...(shared ? [shared] : []), database];
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
