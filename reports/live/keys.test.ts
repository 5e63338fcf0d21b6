import { describe, expect, it } from 'vitest';
import { SyntheticFleet } from './fixtures/synthetic-fleet.ts';
import { rateIndex, SHORTCUTS, type Wish, wishOf } from './keys.ts';
import { type LiveView, reduce } from './live-view.ts';
import type { ActState, Setting, Whole } from './protocol.ts';

const act: ActState = {
  ...{ number: 2, of: 7, title: 't', setting: 's', question: 'q', answers: ['a', 'b', 'c', 'd'] },
  ...{ votes: [0, 0, 0, 0], step: 'asked', right: null, outcome: null },
};
/** What a key wishes for with such a setting. */
const wish = (
  key: string,
  setting: Partial<Setting> = {},
  parts: Partial<Whole> = {},
  chosen: number | null = null,
): Wish | null => {
  const whole = new SyntheticFleet(setting).whole(parts);
  const view = reduce(null, { is: 'whole', ...whole }) as LiveView;
  return wishOf(key, { view, chosen, user: 123 });
};
const command = (...args: Parameters<typeof wish>) => {
  const wished = wish(...args);
  return wished && 'command' in wished ? wished.command : wished;
};
const setting = (...args: Parameters<typeof wish>) => {
  const wished = command(...args);
  return wished && 'do' in wished && wished.do === 'set' ? wished.setting : wished;
};

describe('a key', () => {
  it('plays and pauses', () => {
    expect(command(' ')).toEqual({ do: 'pause' });
    expect(command(' ', { playing: false })).toEqual({ do: 'play' });
  });

  it('steps the rate up to as fast as it goes, and down to one', () => {
    expect(setting('+', { ratePerSecond: 20 })).toEqual({ ratePerSecond: 50 });
    expect(setting('-', { ratePerSecond: 20 })).toEqual({ ratePerSecond: 10 });
    expect(setting('-', { ratePerSecond: 30 })).toEqual({ ratePerSecond: 10 });
    expect(setting('+', { ratePerSecond: 2_000 })).toEqual({ ratePerSecond: null });
    expect(setting('+', { ratePerSecond: null })).toEqual({ ratePerSecond: null });
    expect(setting('-', { ratePerSecond: 1 })).toEqual({ ratePerSecond: 1 });
    expect(rateIndex(0.5)).toBe(0);
  });

  it('changes the number of workers from one to the most', () => {
    expect(setting('w')).toEqual({ workers: 5 });
    expect(setting('W')).toEqual({ workers: 3 });
    expect(wish('w', { workers: 16 })).toBeNull();
    expect(wish('W', { workers: 1 })).toBeNull();
  });

  it('goes through what can be chosen, without what is not installed', () => {
    expect(setting('b')).toEqual({ backend: 'redis' });
    expect(setting('b', { backend: 'tiered' })).toEqual({ backend: 'dummy' });
    expect(setting('o', { routing: 'by-key' })).toEqual({ routing: 'keep-alive' });
    expect(setting('p')).toEqual({ popularity: 'uniform' });
    expect(setting('l')).toEqual({ launcher: 'pm2' });
  });

  it('chooses a worker, for which others then are', () => {
    expect(wish('3')).toEqual({ choose: 3 });
    expect(wish('5')).toBeNull();
    expect(wish('0', {}, {}, 3)).toEqual({ choose: null });
    expect(wish('x')).toBeNull();
    expect(command('x', {}, {}, 3)).toEqual({ do: 'kill', slot: 3 });
    expect(command('c', {}, {}, 3)).toEqual({ do: 'clear', slot: 3 });
    expect(command('c')).toEqual({ do: 'clear' });
  });

  it('renames the user of the field, restarts, saves', () => {
    expect(command('n')).toEqual({ do: 'rename', key: 123 });
    expect(command('r')).toEqual({ do: 'restart' });
    expect(command('s')).toEqual({ do: 'save' });
  });

  it('goes through the acts, out of them before the first, and not beyond the last', () => {
    expect(command('ArrowRight')).toEqual({ do: 'act', number: 1 });
    expect(wish('ArrowLeft')).toBeNull();
    expect(command('ArrowRight', {}, { act })).toEqual({ do: 'act', number: 3 });
    expect(command('ArrowLeft', {}, { act: { ...act, number: 1 } })).toEqual({
      do: 'act',
      number: 0,
    });
    expect(wish('ArrowRight', {}, { act: { ...act, number: 7 } })).toBeNull();
  });

  it('shows the answer once; a clicker shows it on its way to the next act', () => {
    const shown: ActState = { ...act, step: 'shown', right: 1, outcome: 'o' };
    expect(command('a', {}, { act })).toEqual({ do: 'show' });
    expect(wish('a', {}, { act: shown })).toBeNull();
    expect(command('PageDown', {}, { act })).toEqual({ do: 'show' });
    expect(command('PageDown', {}, { act: shown })).toEqual({ do: 'act', number: 3 });
    expect(command('PageUp', {}, { act: shown })).toEqual({ do: 'act', number: 1 });
  });

  it('that is none is for nothing', () => {
    expect(wish('y')).toBeNull();
    expect(wish('g')).toBeNull();
  });

  it('is for one thing only', () => {
    const all = SHORTCUTS.flatMap(({ keys }) => keys);
    expect(new Set(all).size).toBe(all.length);
  });
});
