import { describe, expect, it } from 'vitest';
import { entriesOverTime } from './entries-over-time.ts';

describe('entries over time', () => {
  const changes = (held: number[]) => ({
    at: held.map((_, i) => i),
    slot: held.map(() => 1),
    key: held.map((_, i) => i),
    held,
  });
  const of = (held: number[]) =>
    entriesOverTime({ keys: [], slots: [1], changes: changes(held), final: [] }, 1);

  it('keep every step while there are few, and none of other workers', () => {
    expect(of([1, 1, 0, 1])).toEqual([
      [0, 1],
      [1, 2],
      [2, 1],
      [3, 2],
    ]);
    expect(
      entriesOverTime(
        {
          keys: [],
          slots: [2],
          changes: { at: [0, 1], slot: [1, 2], key: [0, 9], held: [1, 1] },
          final: [],
        },
        2,
      ),
    ).toEqual([[1, 1]]);
    expect(of([])).toEqual([]);
  });

  it('keep every third of many, each cull at both ends, and the last step', () => {
    const many = changes(new Array(1_001).fill(1));
    const drop = (at: number, entries: number) => {
      const place = many.at.indexOf(at);
      many.at.splice(place, 1, ...new Array(entries).fill(at));
      many.slot.splice(place, 1, ...new Array(entries).fill(1));
      many.held.splice(place, 1, ...new Array(entries).fill(0));
    };
    // Neither 500 nor 700 is a third step, nor is the one before 500; a drop of two is no cull.
    drop(500, 3);
    drop(700, 2);
    const points = entriesOverTime({ keys: [], slots: [1], changes: many, final: [] }, 1);
    expect(points.slice(0, 3)).toEqual([
      [0, 1],
      [3, 4],
      [6, 7],
    ]);
    const near = (at: number) => points.filter(([request]) => Math.abs(request - at) <= 2);
    expect(near(500)).toEqual([
      [498, 499],
      [499, 500],
      [500, 497],
      [501, 498],
    ]);
    expect(near(700)).toEqual([
      [699, 696],
      [702, 696],
    ]);
    expect(points.slice(-2)).toEqual([
      [999, 993],
      [1_000, 994],
    ]);
    expect(points).toHaveLength(337);
  });
});
