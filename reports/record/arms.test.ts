import { expect, test } from 'vitest';
import { cachesOf, mostTelling, singleWorker } from './arms.ts';
import type { BackendName, LauncherName } from './vocabulary.ts';

interface Kind {
  readonly workers: number;
  readonly backend?: BackendName;
  readonly launcher?: LauncherName;
  readonly round?: number;
}

const arms = (...kinds: readonly Kind[]) =>
  kinds.map((kind, index) => ({
    ...({ index, backend: 'locmem', launcher: 'cluster', round: 1 } as const),
    ...kind,
  }));

test('workers have a cache each in their own memory, and one in a service', () => {
  expect(cachesOf({ workers: 4, backend: 'locmem' })).toBe(4);
  expect(cachesOf({ workers: 4, backend: 'tiered' })).toBe(1);
});

test('what the others are held against is the first arm with one worker', () => {
  expect(singleWorker(arms({ workers: 4 }, { workers: 1 }, { workers: 1 }))?.index).toBe(1);
  expect(singleWorker(arms({ workers: 4 }))).toBeUndefined();
});

test.each<[string, readonly Kind[], number | undefined]>([
  ['nothing is told of nothing', [], undefined],
  ['most workers', [{ workers: 1 }, { workers: 8 }, { workers: 4 }], 1],
  ['caches before workers', [{ workers: 2 }, { workers: 8, backend: 'redis' }], 0],
  [
    'workers, where all share one',
    arms({ workers: 2 }, { workers: 8 }).map((arm) => ({ ...arm, backend: 'redis' })),
    1,
  ],
  ['a cache of their own, in either order', [{ workers: 4 }, { workers: 4, backend: 'redis' }], 0],
  [
    'the launcher of the first arm',
    [{ workers: 1 }, { workers: 4 }, { workers: 4, launcher: 'pm2' }],
    1,
  ],
  ['the first round', [{ workers: 4 }, { workers: 4, round: 2 }], 0],
  ['of what is alike, the last', [{ workers: 4 }, { workers: 4 }], 1],
])('the effect shows most with %s', (_, kinds, expected) => {
  expect(mostTelling(arms(...kinds))?.index).toBe(expected);
});
