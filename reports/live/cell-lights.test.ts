import { describe, expect, it } from 'vitest';
import { CellLights } from './cell-lights.ts';

const lights = () => new CellLights([Uint8Array.from([0, 1, 2]), Uint8Array.from([0, 0, 3])]);

describe('a lookup', () => {
  it('lights its cell up when it arrives, fades, and is over', () => {
    const all = lights();
    all.flash(0, 1, 100);
    expect(all.step(99)).toEqual([]);
    expect(all.waits).toBe(true);
    expect(all.step(100)).toEqual([{ cache: 0, key: 1, code: 1, glow: 1, leaving: null }]);
    const [fading] = all.step(290);
    expect(fading!.glow).toBeCloseTo(0.5);
    // Drawn once more without any light, and then left alone.
    expect(all.step(1_000)).toEqual([{ cache: 0, key: 1, code: 1, glow: 0, leaving: null }]);
    expect(all.step(1_001)).toEqual([]);
    expect(all.waits).toBe(false);
  });

  it('of the same cell lights it up again', () => {
    const all = lights();
    all.flash(0, 1, 0);
    all.flash(0, 1, 300);
    expect(all.step(300)[0]!.glow).toBe(1);
  });
});

describe('a change', () => {
  it('is shown from its time on', () => {
    const all = lights();
    all.change(1, 0, 2, 50);
    all.step(49);
    expect(all.shown(1, 0)).toBe(0);
    all.step(50);
    expect(all.shown(1, 0)).toBe(2);
    expect(all.shown(0, 0)).toBe(0);
  });

  it('lets an entry that leaves shrink away, unless another comes', () => {
    const all = lights();
    all.change(0, 2, 0, 0);
    expect(all.step(350)).toMatchObject([{ code: 0, leaving: { code: 2, left: 0.5 } }]);
    all.change(0, 2, 1, 400);
    expect(all.step(400)).toMatchObject([{ code: 1, leaving: null }]);
  });

  it('happens in the order of the times, not of the telling', () => {
    const all = lights();
    all.change(0, 0, 2, 20);
    all.change(0, 0, 1, 10);
    all.step(30);
    expect(all.shown(0, 0)).toBe(2);
  });

  it('of a cell that is not there is nothing', () => {
    const all = lights();
    all.change(7, 0, 1, 0);
    all.change(0, 3, 1, 0);
    all.change(0, -1, 1, 0);
    expect(all.step(1)).toEqual([]);
  });
});

it('keeps nothing waiting for long where nobody looks', () => {
  const all = lights();
  for (let index = 0; index <= 20_000; index++) all.change(0, 0, index % 2 === 0 ? 1 : 2, index);
  expect(all.shown(0, 0)).toBe(1);
  expect(all.waits).toBe(false);
});
