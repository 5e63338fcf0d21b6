import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Random choices that a seed repeats. */
export interface Chance {
  /** A whole number from 0 to below `limit`. */
  upTo(limit: number): number;
  pick<One>(all: readonly One[]): One;
}

export function chanceOf(seed: number): Chance {
  const random = xoroshiro128plus(seed);
  const upTo = (limit: number) => uniformInt(random, 0, limit - 1);
  return { upTo, pick: (all) => all[upTo(all.length)]! };
}
