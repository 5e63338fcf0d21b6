import type { Scenario } from './contract.ts';

/** Options that mean nothing to a scenario, each with the reason. */
type Unused = NonNullable<Scenario['unused']>;

/** For a scenario that asks for no users' pages. */
export function noUserPages(instead: string): Unused {
  const reason = `it asks for no users' pages, but ${instead}.`;
  return { keys: reason, zipf: reason, popularity: reason };
}

/** For a scenario in which keys are not drawn. */
export function noPopularity(how: string): Unused {
  const reason = `${how}.`;
  return { zipf: reason, popularity: reason };
}

/** For a scenario that decides by itself who is asked what. */
export function noTraffic(how: string): Unused {
  const reason = `${how}.`;
  return { requests: reason, connections: reason, routing: reason, ratePerSecond: reason };
}

/** For a scenario at a rate, over a fresh connection for each request. */
export function freshConnections(): Unused {
  return {
    connections: 'connections are as many as the rate needs.',
    routing: 'each request comes over a fresh connection, so that all workers get their share.',
  };
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
