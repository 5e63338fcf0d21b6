import type { Arm } from './schema.ts';
import { BACKENDS } from './vocabulary.ts';

/*
 * Which of a record's arms are held against each other, wherever only two can be: in the verdict, on
 * the first screen, in the sentences of a lesson. All of them mean the same two.
 */

type Caching = Pick<Arm, 'workers' | 'backend'>;

/**
 * How many caches the workers of an arm have between them: in the memory of a process, one each;
 * in a service, one for all. A rule for N caches then holds for the cure too, with N = 1.
 */
export function cachesOf({ workers, backend }: Caching): number {
  return BACKENDS[backend].caches === 'each' ? workers : 1;
}

/** The arm that the others are held against: the first with one worker; none, where there is no such. */
export function singleWorker<A extends Pick<Arm, 'workers'>>(arms: readonly A[]): A | undefined {
  return arms.find(({ workers }) => workers === 1);
}

/**
 * The arm that shows the effect most: the most workers with a cache of their own, if there are such; of
 * several, those with the first arm's launcher, of the first round, and of these the last.
 */
export function mostTelling<A extends Caching & Partial<Pick<Arm, 'launcher' | 'round'>>>(
  arms: readonly A[],
): A | undefined {
  const rank = (arm: A) => [
    cachesOf(arm),
    arm.workers,
    arm.launcher === arms[0]?.launcher ? 1 : 0,
    -(arm.round ?? 1),
  ];
  return arms.reduce<A | undefined>(
    (best, arm) => (best && isBelow(rank(arm), rank(best)) ? best : arm),
    undefined,
  );
}

/** Whether the first figure that differs is the lower one. */
function isBelow(one: readonly number[], other: readonly number[]): boolean {
  const at = one.findIndex((figure, index) => figure !== other[index]);
  return at !== -1 && one[at]! < other[at]!;
}
