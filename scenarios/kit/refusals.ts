import type { Scenario } from './contract.ts';

type Unused = NonNullable<Scenario['unused']>;

/** For a scenario that asks for no users' pages. */
export function noUserPages(instead: string): Unused {
  const reason = `it asks for no users' pages, but ${instead}.`;
  return { keys: reason, zipf: reason, popularity: reason };
}

/** For a scenario whose entries are few and must stay: limits would only blur what it shows. */
export function noLimits(): Unused {
  const reason = 'its few entries are to stay in their caches while it runs.';
  return { maxEntries: reason, timeoutSeconds: reason, cullFrequency: reason };
}

/** For a scenario about memory of the process, and nothing else. */
export function localMemoryOnly(): Unused {
  return { backends: 'it is about caches in the memory of a process.' };
}

/** For a scenario that repeats within itself what needs repeating. */
export function noRounds(): Unused {
  return { rounds: 'it does what must be repeated often enough by itself.' };
}
