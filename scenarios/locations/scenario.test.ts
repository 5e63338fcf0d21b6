import { expect, test } from 'vitest';
import { DEFAULTS } from '../../lab/console/options.ts';
import { LOCATIONS, type LocatedCache } from '../../server/protocol.ts';
import { recordedArm } from '../kit/fixtures/arm.ts';
import type { Sight } from './judgement.ts';
import { locations } from './scenario.ts';

const names = Object.keys(LOCATIONS) as LocatedCache[];
const withTheSame = (written: LocatedCache) =>
  names.filter((name) => LOCATIONS[name] === LOCATIONS[written]);

/** Two workers; `seenBy` says which caches of a worker see what was written at worker 1. */
const arm = (seenBy: (written: LocatedCache, slot: number) => LocatedCache[]) =>
  recordedArm({
    workers: 2,
    observations: {
      sights: names.flatMap((written): Sight[] =>
        [1, 2].map((slot) => ({
          written,
          slot,
          atWriter: slot === 1,
          seenBy: seenBy(written, slot),
        })),
      ),
    },
  });

test('one store for each LOCATION and process agrees with theory', () => {
  const { verdict } = locations.judge(
    [arm((written, slot) => (slot === 1 ? withTheSame(written) : []))],
    DEFAULTS,
  );
  expect(verdict.agreement).toBe('agrees');
  expect(verdict.sentence).toContain('Of 36 pairs of caches in one process 10 saw the same');
});

test.each<[string, (written: LocatedCache, slot: number) => LocatedCache[]]>([
  ['a LOCATION that reaches another process', withTheSame],
  ['caches that share nothing', (written, slot) => (slot === 1 ? [written] : [])],
  ['caches that share everything', (_written, slot) => (slot === 1 ? names : [])],
])('%s disagrees with it', (_what, seenBy) => {
  expect(locations.judge([arm(seenBy)], DEFAULTS).verdict.agreement).toBe('disagrees');
});

test('one worker is refused by the name of the flag', () => {
  expect(locations.refuse!({ ...DEFAULTS, workers: [1] })).toContain('--workers 1');
  expect(locations.refuse!(DEFAULTS)).toBeNull();
});
