import { expect, test } from 'vitest';
import type { Ledger } from '../traffic/ledger.ts';
import { RecordedFleet } from './fixtures/recorded-fleet.ts';
import { ArmReplay, replayArm } from './replay.ts';

/** A replay whose ledgers come one after the other, also through plain data, is that of them all. */

test.each([
  ['caches cull', { maxEntries: 20, timeoutSeconds: null, cullFrequency: 3 }],
  ['entries expire', { maxEntries: 100, timeoutSeconds: 4, cullFrequency: 3 }],
])('where %s', (_name, cache) => {
  const options = { cache, workers: 3, keyName: String };
  const fleet = new RecordedFleet({ workers: 3, keys: 60, limits: cache, seed: 8 });
  const ledgers: Ledger[] = [];
  for (let phase = 0; phase < 4; phase++) {
    ledgers.push(fleet.phase(600, 0.05).ledger);
    if (phase === 1) fleet.restart(2);
  }
  const atOnce = replayArm({ ...options, ledgers });
  expect(atOnce.map(({ replay }) => replay.identical)).toEqual(
    atOnce.map(({ replay }) => replay.responses),
  );
  let replay = new ArmReplay(options);
  const oneByOne = ledgers.flatMap((ledger) => {
    const result = replay.add([ledger]);
    // As another thread would get it.
    replay = new ArmReplay(options, structuredClone(replay.state()));
    return result;
  });
  expect(oneByOne).toEqual(atOnce);
});
