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

  it('keep each cull and the last step when there are many', () => {
    // A thousand entries come one by one; then the thousandth request drops three at once.
    const many = changes(new Array(1_000).fill(1));
    for (const held of [0, 0, 0]) {
      many.at.push(1_000);
      many.slot.push(1);
      many.key.push(0);
      many.held.push(held);
    }
    const points = entriesOverTime({ keys: [], slots: [1], changes: many, final: [] }, 1);
    expect(points.length).toBeLessThan(400);
    expect(points.slice(0, 3)).toEqual([
      [0, 1],
      [3, 4],
      [6, 7],
    ]);
    expect(points.slice(-2)).toEqual([
      [999, 1_000],
      [1_000, 997],
    ]);
  });
});
