import { isDeepStrictEqual } from 'node:util';
import LocMemCache from '../backends/locmem.ts';
import type { Cache, KeyOptions, StoreOptions } from '../cache.ts';
import { MissingKeyError } from '../errors.ts';
import type { DjangoOracle } from './oracle.ts';
import type { Answer, Scenario, Step } from './scenario.ts';

/** The first step at which the two differ. */
export interface Divergence {
  /** Index of the step. */
  readonly index: number;
  readonly step: Step;
  readonly ours: unknown;
  readonly django: unknown;
}

/**
 * Plays a scenario on both, and compares after every step what it returned, the keys in order of
 * recency with their expiries, and the number of entries, which our counters must add up to.
 */
export async function findDivergence(
  oracle: DjangoOracle,
  scenario: Scenario,
): Promise<Divergence | null> {
  const django = await oracle.play(withExistingCaches(scenario));
  const ours = play(scenario);
  for (const [index, step] of scenario.steps.entries()) {
    if (!isDeepStrictEqual(ours[index], django[index])) {
      return { index, step, ours: ours[index], django: django[index] };
    }
  }
  return null;
}

/** A divergence for a person to read, with the scenario to keep as a case. */
export function describeDivergence(scenario: Scenario, divergence: Divergence): string {
  const show = (value: unknown) => JSON.stringify(value);
  return [
    `Step ${divergence.index} (${show(divergence.step)}) differs from Django.`,
    `ours:   ${show(divergence.ours)}`,
    `Django: ${show(divergence.django)}`,
    'To keep it, add this to cases.ts under a name of its own:',
    show({ ...scenario, steps: scenario.steps.slice(0, divergence.index + 1) }),
  ].join('\n');
}

/** The second cache is left out of a scenario while it shrinks; its steps then use the first. */
function withExistingCaches(scenario: Scenario): Scenario {
  return { ...scenario, steps: scenario.steps.map((step) => onExistingCache(scenario, step)) };
}

function onExistingCache(scenario: Scenario, step: Step): Step {
  return (step.cache ?? 0) < scenario.caches.length ? step : { ...step, cache: 0 };
}

let locations = 0;

function play(scenario: Scenario): Answer[] {
  locations += 1;
  let now = scenario.start;
  const caches = scenario.caches.map(
    (options) =>
      new LocMemCache({ ...options, location: `scenario ${locations}`, clock: () => now }),
  );
  return scenario.steps.map((given) => {
    const step = onExistingCache(scenario, given);
    const cache = caches[step.cache ?? 0]!;
    let result: unknown = null;
    if (step.do === 'wait') now += step.seconds;
    else result = perform(cache, step);
    return {
      result,
      held: cache.entries().map(({ key, expiresAt }) => [key, expiresAt]),
      expiries: cache.stats().entries,
    };
  });
}

function perform(cache: Cache, step: Exclude<Step, { do: 'wait' }>): unknown {
  try {
    return call(cache, step) ?? null;
  } catch (error) {
    if (error instanceof MissingKeyError) return { error: 'missing key' };
    if (error instanceof TypeError) return { error: 'not a number' };
    throw error;
  }
}

function call(cache: Cache, step: Exclude<Step, { do: 'wait' }>): unknown {
  if (step.do === 'clear') return cache.clear();
  const options: KeyOptions & StoreOptions = step;
  switch (step.do) {
    case 'get': {
      const found = cache.lookup(step.key, options) as { outcome: string; value?: unknown };
      return found.outcome === 'hit' ? { value: found.value } : { missing: true };
    }
    case 'set':
    case 'add':
      return cache[step.do](step.key, step.value, options);
    case 'getOrSet':
      return cache.getOrSet(step.key, () => step.value, options);
    case 'touch':
    case 'delete':
    case 'has':
      return cache[step.do](step.key, options);
    case 'incr':
    case 'decr':
    case 'incrVersion':
    case 'decrVersion':
      return cache[step.do](step.key, step.delta, options);
    case 'getMany':
      return [...(cache.getMany(step.keys, options) as Map<string, unknown>)];
    case 'setMany':
      return cache.setMany(new Map(step.keys.map((key) => [key, step.value])), options);
    case 'deleteMany':
      return cache.deleteMany(step.keys, options);
  }
}
