import { isDeepStrictEqual } from 'node:util';
import LocMemCache from '../backends/locmem.ts';
import { MissingKeyError } from '../errors.ts';
import type { DjangoOracle } from './oracle.ts';
import type { Answer, Operation, Sequence, Step } from './sequence.ts';

/**
 * Plays a sequence on both, and compares after every step what it returned, the keys in order of
 * recency with their expiries, and the number of entries, which our counters must add up to.
 *
 * @throws Error for a person to read, with the first step that differs and the sequence to keep
 */
export async function mustNotDiverge(oracle: DjangoOracle, sequence: Sequence): Promise<void> {
  const django = await oracle.play(sequence);
  const ours = play(sequence);
  const index = ours.findIndex((answer, step) => !isDeepStrictEqual(answer, django[step]));
  if (index < 0) return;
  const show = (value: unknown) => JSON.stringify(value);
  throw new Error(
    [
      `Step ${index} (${show(sequence.steps[index])}) differs from Django.`,
      `ours:   ${show(ours[index])}`,
      `Django: ${show(django[index])}`,
      'To keep it, add this to cases.ts under a name of its own:',
      show({ ...sequence, steps: sequence.steps.slice(0, index + 1) }),
    ].join('\n'),
  );
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
