import type { Estimate } from '../../reports/record/schema.ts';
import { userPath } from '../../server/protocol.ts';
import { firstTouches } from './first-touches.ts';
import { type KeyPopularity, popularityShares } from './popularity.ts';
import { ownerOf } from './rendezvous.ts';

/** Workers that had the keys to themselves, and then shared them with others. */
export interface Joined {
  /** Asked for at random; `cyclic` keys are not. */
  readonly keys: KeyPopularity;
  readonly slotsBefore: readonly number[];
  readonly slots: readonly number[];
  /** Requests, by all keys together, while only `slotsBefore` were there. */
  readonly requestsBefore: number;
  /** Requests, by all keys together, since all were there. */
  readonly requests: number;
}

/** What came after: one of all the workers was lost and replaced, counted in requests by all keys. */
interface Loss {
  readonly lost: number;
  readonly until: number;
  readonly away: number;
  readonly since: number;
}

/**
 * Misses when more workers share the keys than before: a key that moved is new to its worker; one
 * that stayed is missed only if nobody has asked for it yet. See {@link firstTouches}.
 */
export function missesAfterJoin(joined: Joined): Estimate {
  const { keys, requestsBefore, requests } = joined;
  const moved = sharesOf(keys, (path) => isMoved(path, joined));
  const stayed = sharesOf(keys, (path) => !isMoved(path, joined));
  return firstTouches(
    [
      { shares: moved, before: 0, requests },
      { shares: stayed, before: requestsBefore, requests },
    ],
    'keys that moved are new to their worker (rendezvous hashing), the others are known',
  );
}

/**
 * Misses from then on when a worker is lost and replaced: its keys are new to those who stand in
 * for it, unless these had them before it joined, and then new to the empty cache that replaces it.
 * No other key moves. The lost worker has to be one of `slotsBefore`, so that nobody had its keys.
 */
export function missesAfterLoss(joined: Joined, { lost, until, away, since }: Loss): Estimate {
  const { keys, slots, slotsBefore, requestsBefore, requests } = joined;
  if (!slotsBefore.includes(lost))
    throw new RangeError(`worker ${lost} was not there from the start`);
  const isOwned = (path: string) => ownerOf(path, slots) === lost;
  const owned = sharesOf(keys, isOwned);
  const moved = sharesOf(keys, (path) => !isOwned(path) && isMoved(path, joined));
  const stayed = sharesOf(keys, (path) => !isOwned(path) && !isMoved(path, joined));
  const all = until + away + since;
  return firstTouches(
    [
      { shares: stayed, before: requestsBefore + requests, requests: all },
      { shares: moved, before: requests, requests: all },
      { shares: owned, before: requestsBefore + requests, requests: until },
      { shares: owned, before: 0, requests: away },
      { shares: owned, before: 0, requests: since },
    ],
    'the keys of the lost worker, new to others and then new to its successor',
  );
}

function isMoved(path: string, { slotsBefore, slots }: Joined): boolean {
  return ownerOf(path, slotsBefore) !== ownerOf(path, slots);
}

/** The shares of the keys for which `chosen` holds. */
function sharesOf(keys: KeyPopularity, chosen: (path: string) => boolean): Float64Array {
  return popularityShares(keys).filter((_, key) => chosen(pathOf(key)));
}

/** What a key is routed by: the path of its page. Keys count from 0, users from 1. */
function pathOf(key: number): string {
  return userPath(key + 1);
}

/** How many of the keys belong to a worker. */
export function keysOwned(keys: number, slots: readonly number[], slot: number): number {
  let owned = 0;
  for (let key = 0; key < keys; key++) if (ownerOf(pathOf(key), slots) === slot) owned += 1;
  return owned;
}
