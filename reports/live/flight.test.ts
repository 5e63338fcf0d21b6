import { describe, expect, it } from 'vitest';
import type { Outcome } from '../record/vocabulary.ts';
import { flightOf, legMillis, placeAt } from './flight.ts';
import type { Dot } from './protocol.ts';
import { type Box, type StageLayout, stageLayout } from './stage-layout.ts';

const LEG = 100;
const stage = (workers: number, shared = false) =>
  stageLayout({ width: 828, height: 560, rem: 16, workers, shared, keys: 200, clients: 10 });
const dot = (outcome: Outcome, more: Partial<Dot> = {}): Dot => ({
  ...{ client: 3, slot: 1, key: 9, outcome, millis: 1 },
  ...more,
});
/** Where a flight is at the end of each of its legs. */
const stops = (layout: StageLayout, one: Dot, index: number) => {
  const flight = flightOf(layout, one, index, LEG);
  const ends = [];
  for (let at = LEG; at <= flight.ends; at += LEG) ends.push(placeAt(flight, at - 0.001)!);
  return ends;
};
const touches = (box: Box, { x, y }: { x: number; y: number }) =>
  x >= box.x - 1 && x <= box.x + box.width + 1 && y >= box.y - 1 && y <= box.y + box.height + 1;

describe('a dot', () => {
  it('turns round at the worker that knew', () => {
    const layout = stage(4);
    const [there, back, ...rest] = stops(layout, dot('hit'), 2);
    expect(touches(layout.cards[2]!, there!)).toBe(true);
    expect(back).toMatchObject({ ...near(layout.clients[3]!), answered: true });
    expect(rest).toEqual([]);
  });

  it.each<Outcome>(['cold', 'expired', 'evicted', 'none'])(
    'goes on to the database: %s',
    (outcome) => {
      const layout = stage(4);
      const [worker, database, again, back] = stops(layout, dot(outcome), 0);
      expect(touches(layout.cards[0]!, worker!)).toBe(true);
      expect(touches(layout.database, database!)).toBe(true);
      expect(touches(layout.cards[0]!, again!)).toBe(true);
      expect(back).toMatchObject(near(layout.clients[3]!));
    },
  );

  it('looks into the shared cache first, but for one that failed', () => {
    const layout = stage(4, true);
    const [, known] = stops(layout, dot('hit'), 0);
    expect(touches(layout.shared!, known!)).toBe(true);
    expect(stops(layout, dot('hit'), 0)).toHaveLength(4);
    expect(stops(layout, dot('cold'), 0)).toHaveLength(6);
    const flight = flightOf(layout, dot('error'), 0, LEG);
    expect(touches(layout.database, placeAt(flight, 2 * LEG - 0.001)!)).toBe(true);
    let before = placeAt(flight, 0)!;
    for (let at = 0; at < flight.ends; at++) {
      const place = placeAt(flight, at)!;
      expect(inside(layout.shared!, place)).toBe(false);
      // It goes through the worker's card unseen, from top to bottom.
      const jump = Math.hypot(place.x - before.x, place.y - before.y);
      expect(jump).toBeLessThanOrEqual(layout.cards[0]!.height + 1);
      before = place;
    }
  });

  it('leaves from the hand that asked', () => {
    const layout = stage(4);
    const start = (guest: number) => placeAt(flightOf(layout, dot('hit', { guest }), 0, LEG), 0);
    expect(start(0)).toMatchObject(near(layout.hands.presenter));
    expect(start(17)).toMatchObject(near(layout.hands.audience));
  });

  it('says when the cache is asked, when it knows, and when all is over', () => {
    const times = (outcome: Outcome) => {
      const { asks, knows, ends } = flightOf(stage(4), dot(outcome), 0, LEG);
      return { asks, knows, ends };
    };
    expect(times('hit')).toEqual({ asks: 100, knows: 100, ends: 200 });
    expect(times('cold')).toEqual({ asks: 100, knows: 300, ends: 400 });
    expect(placeAt(flightOf(stage(4), dot('hit'), 0, LEG), 200)).toBeNull();
  });

  it.each([8, 11, 16])('flies over no other card, %i workers', (workers) => {
    const layout = stage(workers);
    for (const index of layout.cards.keys()) {
      const flight = flightOf(layout, dot('cold'), index, LEG);
      for (let at = 0; at < flight.ends; at += 2) {
        const place = placeAt(flight, at)!;
        const over = layout.cards.findIndex((card) => inside(card, place));
        expect([-1, index]).toContain(over);
      }
    }
  });
});

it('is slow where each can be followed, and quicker where there are many', () => {
  expect(legMillis(1)).toBe(620);
  expect(legMillis(13.5)).toBe(480);
  expect(legMillis(Number.POSITIVE_INFINITY)).toBe(340);
});

function near({ x, y }: { x: number; y: number }) {
  return { x: expect.closeTo(x, 0), y: expect.closeTo(y, 0) };
}

function inside({ x, y, width, height }: Box, at: { x: number; y: number }): boolean {
  return at.x > x + 1 && at.x < x + width - 1 && at.y > y + 1 && at.y < y + height - 1;
}
