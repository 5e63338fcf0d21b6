import { describe, expect, it } from 'vitest';
import { SyntheticFleet } from './fixtures/synthetic-fleet.ts';
import { type LiveView, reduce } from './live-view.ts';
import type { Frame, LiveMessage, Whole } from './protocol.ts';

const fleet = new SyntheticFleet({ workers: 2, keys: 4 });
const whole = (parts: Partial<Whole> = {}): LiveMessage => ({
  is: 'whole',
  ...fleet.whole({ number: 10, cells: ['.12.', '..23'], ...parts }),
});
const frame = (parts: Partial<Frame>): LiveMessage => ({ is: 'frame', number: 11, ...parts });
const shows = (...messages: LiveMessage[]) =>
  messages.reduce<LiveView | null>(reduce, null) as LiveView;
const cells = ({ cells: all }: LiveView) => all.map((cache) => [...cache].join(''));

describe('a whole', () => {
  it('is all that is shown, with cells as codes', () => {
    const view = shows(whole({ busy: 'starting 2 workers' }));
    expect(cells(view)).toEqual(['0120', '0023']);
    expect(view.busy).toBe('starting 2 workers');
    expect(view.behind).toBe(false);
  });

  it('replaces what was there', () => {
    expect(cells(shows(whole(), frame({ cells: [[1, 1, 1]] }), whole()))).toEqual(['0120', '0023']);
  });
});

describe('a frame', () => {
  it('changes the cells that it names, and no others', () => {
    const before = shows(whole());
    const after = reduce(
      before,
      frame({
        cells: [
          [1, 1, 2],
          [2, 4, 0, 'expired'],
        ],
      }),
    )!;
    expect(cells(after)).toEqual(['2120', '0020']);
    expect(cells(before)).toEqual(['0120', '0023']);
  });

  it('calls the one cache of all workers slot 0', () => {
    const view = shows(whole({ cells: ['....'] }), frame({ cells: [[0, 3, 1]] }));
    expect(cells(view)).toEqual(['0010']);
  });

  it('does not fail for a cell that is not there any more', () => {
    const strangers = frame({
      cells: [
        [9, 1, 1],
        [1, 5, 1],
        [1, 0, 1],
      ],
    });
    expect(cells(shows(whole(), strangers))).toEqual(['0120', '0023']);
  });

  it('replaces the workers that it names', () => {
    const [first, second] = fleet.whole().workers;
    const after = { ...second!, pid: 7, alive: false };
    expect(shows(whole(), frame({ workers: [after] })).workers).toEqual([first, after]);
  });

  it('leaves what it does not name, and takes null for what it says', () => {
    const setting = { ...fleet.setting, playing: false };
    const view = shows(whole({ busy: 'starting', saved: 'out/a' }), frame({ busy: null, setting }));
    expect(view).toMatchObject({ busy: null, saved: 'out/a', setting: { playing: false } });
  });

  it('adds a second to the last sixty', () => {
    const second = (at: number) => ({
      ...{ at, hitRates: [null, 1], oneCacheHitRate: null },
      ...{ originQueries: 0, oneCacheOriginQueries: 0 },
    });
    const history = Array.from({ length: 60 }, (_, at) => second(at));
    const view = shows(whole({ history }), frame({ second: second(60) }));
    expect(view.history.map(({ at }) => at)).toEqual(history.map(({ at }) => at + 1));
  });

  it('keeps the last answer to a request by hand, and the last sentence', () => {
    const dot = { client: 0, slot: 1, key: 3, outcome: 'hit', millis: 1 } as const;
    const asked = frame({ dots: [{ ...dot, guest: 0 }, { ...dot, guest: 5 }, dot], said: 'No.' });
    const view = shows(whole(), asked, frame({ number: 12 }), whole({ number: 13 }));
    expect(view.lastAsked).toEqual({ ...dot, guest: 0 });
    expect(view.said).toEqual({ text: 'No.', number: 11 });
  });
});

describe('a gap', () => {
  const gap = frame({ number: 12, cells: [[1, 1, 1]] });

  it('is noticed by the number, and changes nothing else', () => {
    const view = shows(whole(), gap);
    expect(view.behind).toBe(true);
    expect(cells(view)).toEqual(['0120', '0023']);
  });

  it('is made up for by a whole alone', () => {
    expect(shows(whole(), gap, frame({ number: 11 }), frame({ number: 13 })).behind).toBe(true);
    const view = shows(
      whole(),
      gap,
      whole({ number: 40 }),
      frame({ number: 41, cells: [[1, 1, 1]] }),
    );
    expect(view.behind).toBe(false);
    expect(cells(view)[0]).toBe('1120');
  });

  it('is also a frame before anything was told', () => {
    expect(reduce(null, frame({}))).toBeNull();
  });
});

it('follows a fleet message by message to what the fleet itself says', () => {
  const busy = new SyntheticFleet({ ratePerSecond: 400, maxEntries: 40 });
  let view = reduce(null, { is: 'whole', ...busy.whole() });
  for (let step = 0; step < 100; step++) {
    if (step === 40) busy.rename(1);
    if (step === 70) busy.clear(2);
    view = reduce(view, { is: 'frame', ...busy.frame(50) });
  }
  const told = reduce(null, { is: 'whole', ...busy.whole() });
  expect(cells(view!)).toEqual(cells(told!));
  expect(view!.history).toEqual(told!.history);
  expect(view!.workers.map(({ entries }) => entries)).toEqual(
    told!.workers.map(({ entries }) => entries),
  );
});
