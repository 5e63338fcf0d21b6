import type { Estimate } from '../../reports/record.ts';
import { popularityShares, type WorkloadOptions } from '../traffic/workload.ts';
import { firstTouches, type Touched } from './first-touches.ts';
import { ownerOf } from './rendezvous.ts';

/** Keys asked for at random; `cyclic` keys are not. */
type Keys = Pick<WorkloadOptions, 'popularity' | 'zipf' | 'keys'>;

/** The path by which a balancer tells keys apart: the page of user `key + 1`. */
const pathOf = (key: number) => `/users/${key + 1}`;

/**
 * Misses when more workers share the keys than before: a key that moved is new to its worker; one
 * that stayed is missed only if nobody has asked for it yet. See {@link firstTouches}.
 */
export function missesAfterJoin(options: {
  readonly keys: Keys;
  readonly slotsBefore: readonly number[];
  readonly slots: readonly number[];
  /** Requests while only `slotsBefore` were there, by all keys together. */
  readonly requestsBefore: number;
  readonly requests: number;
}): Estimate {
  const { keys, slotsBefore, slots, requestsBefore, requests } = options;
  const [moved, stayed] = divided(
    keys,
    (path) => ownerOf(path, slotsBefore) !== ownerOf(path, slots),
  );
  return firstTouches(
    [
      { shares: moved, before: 0, requests },
      { shares: stayed, before: requestsBefore, requests },
    ],
    'keys that moved are new to their worker (rendezvous hashing), the others are known',
  );
}

/**
 * Misses when a worker is lost and replaced: its keys are new to those who stand in for it, and
 * then new to the empty cache that replaces it. No other key moves.
 */
export function missesAfterLoss(options: {
  readonly keys: Keys;
  readonly slots: readonly number[];
  readonly lost: number;
  /** Requests by all keys together: before, until the worker was lost, while it was away, since. */
  readonly requestsBefore: number;
  readonly until: number;
  readonly away: number;
  readonly since: number;
}): Estimate {
  const { keys, slots, lost, requestsBefore, until, away, since } = options;
  const [owned, others] = divided(keys, (path) => ownerOf(path, slots) === lost);
  const parts: Touched[] = [
    { shares: others, before: requestsBefore, requests: until + away + since },
    { shares: owned, before: requestsBefore, requests: until },
    { shares: owned, before: 0, requests: away },
    { shares: owned, before: 0, requests: since },
  ];
  return firstTouches(
    parts,
    'the keys of the lost worker, new to others and then new to its successor',
  );
}

/** How many of the keys belong to a worker. */
export function keysOwned(keys: number, slots: readonly number[], slot: number): number {
  let owned = 0;
  for (let key = 0; key < keys; key++) if (ownerOf(pathOf(key), slots) === slot) owned += 1;
  return owned;
}

/** The shares of the keys for which `chosen` holds, and those of the others. */
function divided(keys: Keys, chosen: (path: string) => boolean): [number[], number[]] {
  const those: number[] = [];
  const others: number[] = [];
  popularityShares(keys).forEach((share, key) => {
    (chosen(pathOf(key)) ? those : others).push(share);
  });
  return [those, others];
}
