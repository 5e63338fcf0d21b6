import { isDeepStrictEqual } from 'node:util';
import LocMemCache from '../backends/locmem.ts';
import { MissingKeyError } from '../errors.ts';
import type { DjangoOracle } from './oracle.ts';
import type { Answer, Operation, Sequence, Step } from './sequence.ts';

/** The first step at which the two differ. */
export interface Divergence {
  /** Index of the step. */
  readonly index: number;
  readonly step: Step;
  readonly ours: unknown;
  readonly django: unknown;
}

/**
 * Plays a sequence on both, and compares after every step what it returned, the keys in order of
 * recency with their expiries, and the number of entries, which our counters must add up to.
 */
export async function findDivergence(
  oracle: DjangoOracle,
  sequence: Sequence,
): Promise<Divergence | null> {
  const django = await oracle.play(sequence);
  const ours = play(sequence);
  for (const [index, step] of sequence.steps.entries()) {
    if (!isDeepStrictEqual(ours[index], django[index])) {
      return { index, step, ours: ours[index], django: django[index] };
    }
  }
  return null;
}

/** A divergence for a person to read, with the sequence to keep as a case. */
export function describeDivergence(sequence: Sequence, divergence: Divergence): string {
  const show = (value: unknown) => JSON.stringify(value);
  return [
    `Step ${divergence.index} (${show(divergence.step)}) differs from Django.`,
    `ours:   ${show(divergence.ours)}`,
    `Django: ${show(divergence.django)}`,
    'To keep it, add this to cases.ts under a name of its own:',
    show({ ...sequence, steps: sequence.steps.slice(0, divergence.index + 1) }),
  ].join('\n');
}

let locations = 0;

function play({ start, caches: shapes, steps }: Sequence): Answer[] {
  locations += 1;
  let now = start;
  const caches = shapes.map(
    (shape) => new LocMemCache({ ...shape, location: `sequence ${locations}`, clock: () => now }),
  );
  return steps.map((step) => {
    const cache = caches[(step.cache ?? 0) % caches.length]!;
    let result: unknown = null;
    if (step.do === 'wait') now += Number(step.given[0]);
    else result = perform(cache, step.do, step);
    return {
      result,
      held: cache.entries().map(({ key, expiresAt }) => [key, expiresAt]),
      expiries: cache.stats().entries,
    };
  });
}

/** What the operation returns, as JSON would have it. */
function perform(cache: LocMemCache, operation: Operation, { given, options }: Step): unknown {
  try {
    const result = (cache[operation] as Method).call(cache, ...given, options);
    if (operation === 'get' && result === undefined) return { missing: true };
    return result instanceof Map ? [...result] : (result ?? null);
  } catch (error) {
    if (error instanceof MissingKeyError) return { error: 'missing key' };
    if (error instanceof TypeError) return { error: 'not a number' };
    throw error;
  }
}

type Method = (...given: unknown[]) => unknown;
