import { expect, test } from 'vitest';
import type { LiveMessage, Whole } from '../../reports/live/protocol.ts';
import { RecordedFleet } from '../evidence/fixtures/recorded-fleet.ts';
import { begin, CHOICES, KEYS, LARGE, read, SHOWN, streamed, WORKERS } from './fixtures/staged.ts';
import { Stage } from './stage.ts';

/** Which worker is shown to hold what, folded from responses. */

/** The page's part: a whole, and the frames after it. */
function applied(whole: Whole, messages: readonly (LiveMessage | null)[]): Whole {
  let state = whole;
  for (const message of messages) {
    if (message === null) continue;
    if (message.is === 'whole') {
      state = message;
      continue;
    }
    expect(message.number).toBe(state.number + 1);
    const { number, second, workers = state.workers, totals = state.totals } = message;
    const cells = state.cells.map((text) => [...text]);
    for (const [slot, key, code] of message.cells ?? [])
      cells[Math.max(slot, 1) - 1]![key - 1] = '.123'[code]!;
    const history = second ? [...state.history, second].slice(-60) : state.history;
    state = { ...state, number, workers, totals, history, cells: cells.map((one) => one.join('')) };
  }
  return state;
}

test.each([
  ['everything fits', LARGE],
  ['caches cull', { ...LARGE, maxEntries: 9 }],
  ['entries expire', { ...LARGE, timeoutSeconds: 3 }],
])(
  'where %s, each cell is what the worker’s real cache holds, however responses overtake each other',
  (_name, limits) => {
    const setUp = { workers: WORKERS, keys: KEYS, limits, seed: 4 };
    const fleet = new RecordedFleet(setUp);
    const { ledger, after } = fleet.phase(1_500);
    const { stage, tick, now } = begin(limits);
    const messages: (LiveMessage | null)[] = [];
    const whole = stage.whole(0);
    const rows = Array.from({ length: ledger.length }, (_, i) => ledger.row(i));
    // Within ten responses, in any order.
    for (let i = 0; i < rows.length; i += 10) {
      const some = rows.slice(i, i + 10).sort((a, b) => (a.key % 7) - (b.key % 7));
      for (const one of some) stage.respond(streamed(one), now());
      messages.push(tick(50, 0, 0));
    }
    for (let i = 0; i < 8; i++) messages.push(tick(250, 0));
    const end = applied(whole, messages);
    const held = after.map(({ keys }) =>
      Array.from({ length: KEYS }, (_, key) => (keys!.includes(`:1:user_${key}`) ? 'x' : '.')).join(
        '',
      ),
    );
    expect(end.cells.map((text) => text.replace(/[12]/g, 'x'))).toEqual(held);
    expect(end.workers.map(({ entries }) => entries)).toEqual(after.map(({ entries }) => entries));
    expect(end.workers.map(({ hits, lookups }) => [hits, lookups])).toEqual(
      after.map(({ stats }) => [
        stats.hits,
        stats.hits + stats.missesCold + stats.missesEvicted + stats.missesExpired,
      ]),
    );
    expect(stage.followed).toMatchObject({ lookups: rows.length, alike: rows.length });
    const { totals: _, ...shown } = stage.whole(now());
    expect(end).toMatchObject(shown);
  },
);

test('a second copy makes copies of both; one alone again is none', () => {
  const { stage, tick, now } = begin();
  stage.respond(read(1, 4, 'cold', 1), now());
  expect(tick()).toMatchObject({ cells: [[1, 5, 1]] });
  stage.respond(read(2, 4, 'cold', 1), now());
  expect(tick()).toMatchObject({
    cells: [
      [1, 5, 2],
      [2, 5, 2],
    ],
  });
  stage.ended({ slot: 1, pid: 100 });
  expect(tick()).toMatchObject({
    cells: [
      [2, 5, 1],
      [1, 5, 0, 'cleared'],
    ].sort(),
  });
});

test('after a rename, copies are stale until they are read anew', () => {
  const { stage, tick, now } = begin();
  for (const slot of [1, 2, 3]) stage.respond(read(slot, 4, 'cold', 1), now());
  tick();
  const renamed = { slot: 2, pid: 101, key: 4, sequence: 3, operation: 'delete' } as const;
  stage.respond(streamed({ ...renamed, outcome: 'none' }, { version: 2 }), now());
  expect(tick()).toMatchObject({
    cells: [
      [1, 5, 3],
      [2, 5, 0, 'cleared'],
      [3, 5, 3],
    ],
  });
  stage.respond({ ...read(2, 4, 'cold', 4), version: 2 }, now());
  // The old page, from a copy that nobody told.
  stage.respond({ ...read(1, 4, 'hit', 3), version: 1 }, now());
  expect(tick()).toMatchObject({ cells: [[2, 5, 2]] });
});

test('an entry whose time is over leaves its cell, though its worker has not noticed', () => {
  const { stage, tick, now } = begin({ timeoutSeconds: 5 });
  stage.respond(read(1, 4, 'cold', 1), now());
  tick();
  expect(tick(50, 5.9)).toBeNull();
  expect(tick(500, 6)).toMatchObject({
    cells: [[1, 5, 0, 'expired']],
    workers: [{ entries: 1 }, {}, {}],
  });
});

test('a new process in a slot begins with nothing; the last words of the old one change nothing', () => {
  const { stage, tick, now } = begin();
  stage.respond(read(1, 4, 'cold', 1), now());
  tick();
  stage.respond({ ...read(1, 6, 'cold', 1), pid: 900 }, now());
  stage.respond(read(1, 5, 'cold', 3), now());
  const frame = tick(300);
  expect(frame).toMatchObject({ workers: [{ pid: 900, lookups: 1, hits: 0, entries: 1 }, {}, {}] });
  expect(stage.whole(now()).cells[0]).toBe(`${'.'.repeat(6)}1${'.'.repeat(KEYS - 7)}`);
  expect(stage.totals(now()).responses).toBe(3);
});

test('what no response brought is given up once nothing of its time is on its way', () => {
  const { stage, tick, now } = begin();
  stage.respond(read(1, 4, 'cold', 1), now());
  // Number 3 was lost.
  stage.respond(read(1, 5, 'cold', 4), now());
  expect(stage.message({ now: now(), seconds: 0, oldest: now() - 1 })).toMatchObject({
    cells: [[1, 5, 1]],
  });
  expect(tick()).toMatchObject({ cells: [[1, 6, 1]] });
});

test.each(['redis', 'tiered', 'memcached'] as const)(
  '%s is one cache for all, by whoever it is asked',
  (backend) => {
    const { stage, now } = (() => {
      const begun = new Stage(CHOICES, SHOWN, 0);
      begun.begin(
        { ...LARGE, workers: 2, keys: 3, backend },
        [
          { slot: 1, pid: 1 },
          { slot: 2, pid: 2 },
        ],
        0,
      );
      return { stage: begun, now: 0 };
    })();
    expect(stage.message({ now, seconds: 0, oldest: Infinity })).toMatchObject({ cells: ['...'] });
    stage.respond(read(1, 1, 'cold', 7), now);
    stage.respond(read(2, 1, 'hit', 9), now);
    expect(stage.message({ now: 300, seconds: 1, oldest: Infinity })).toMatchObject({
      cells: [[0, 2, 1]],
    });
  },
);
