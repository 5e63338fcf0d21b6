import { counted } from '../../reports/record/format.ts';
import type { BackendName } from '../../reports/record/vocabulary.ts';
import type { Refusal, Scenario, ScenarioOptions, Unused } from './contract.ts';

/** For checks that only one scenario has. */
export function refuseWhen(
  is: boolean,
  option: keyof ScenarioOptions,
  why: string,
): Refusal | null {
  return is ? { option, why } : null;
}

/** One worker is no case of its own here. */
export function severalWorkers({ workers }: ScenarioOptions, why: string): Refusal | null {
  return refuseWhen(workers.includes(1), 'workers', `${why}; give 2 or more`);
}

/** One worker is the comparison, and runs anyway. */
export function moreThanTheBaseline({ workers }: ScenarioOptions, why: string): Refusal | null {
  return refuseWhen(
    workers.every((workers) => workers < 2),
    'workers',
    `${why}; the baseline of one worker runs anyway, so give 2 or more`,
  );
}

/** Nothing may be evicted. */
export function everythingFits({ keys, maxEntries }: ScenarioOptions): Refusal | null {
  return refuseWhen(
    keys > maxEntries,
    'keys',
    `a cache holds ${counted(maxEntries, 'entry', 'entries')} (--max-entries), and nothing may be evicted here`,
  );
}

/** Nothing may expire while it runs. */
export function nothingExpires(
  { timeoutSeconds }: ScenarioOptions,
  seconds: number,
): Refusal | null {
  return refuseWhen(
    timeoutSeconds !== null && timeoutSeconds < seconds,
    'timeoutSeconds',
    `entries would expire while it runs; ${seconds} is enough`,
  );
}

/** Keys have to be asked for at random. */
export function randomKeys({ popularity }: ScenarioOptions): Refusal | null {
  return refuseWhen(
    popularity === 'cyclic',
    'popularity',
    'a cycle falls into step with the routing, and theory assumes random keys',
  );
}

/** What fresh connections can hold. */
const MOST_PER_SECOND = 1_000;

/** Time is what it shows, so there has to be a rate, and one that can be held. */
export function aRateThatHolds({ ratePerSecond }: ScenarioOptions): Refusal | null {
  return refuseWhen(
    ratePerSecond === null || ratePerSecond > MOST_PER_SECOND,
    'ratePerSecond',
    `it measures over time, so it needs a --rate, and with fresh connections ${MOST_PER_SECOND} is the most`,
  );
}

type CountOption = 'requests' | 'keys' | 'connections' | 'maxEntries' | 'originDelayMillis';

/** A number that must not be smaller. */
export function atLeast(
  options: ScenarioOptions,
  option: CountOption,
  least: number,
  why: string,
): Refusal | null {
  return refuseWhen(options[option] < least, option, `${why}; use ${least} or more`);
}

/** Backends that cannot be used, each with its reason. Nothing can be kept in `dummy`. */
export function usableBackends(
  { backends }: ScenarioOptions,
  reasons: Partial<Record<BackendName, string>> = {},
): Refusal | null {
  const refused = {
    dummy: 'dummy keeps nothing, so there is nothing to separate or share',
    ...reasons,
  };
  const wrong = backends.find((backend) => backend in refused);
  return wrong === undefined
    ? null
    : { option: 'backends', why: refused[wrong as keyof typeof refused]! };
}

/** What means nothing to a scenario unless it says in `uses` that it does. */
const SELDOM_USED = {
  backends: 'it is about in-process caches.',
  rounds: 'it already repeats what it needs to.',
};

/** All options that mean nothing to a scenario, each with the reason. */
export function unusedBy({ uses = [], unused }: Pick<Scenario, 'uses' | 'unused'>): Unused {
  const reasons: Record<string, string> = { ...SELDOM_USED, ...unused };
  for (const option of uses) delete reasons[option];
  return reasons;
}

/** For a scenario that asks for no users' pages. */
export function noUserPages(instead: string): Unused {
  const reason = `it requests no user pages, but ${instead}.`;
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
export const FRESH_CONNECTIONS: Unused = {
  connections: 'the rate decides how many connections there are.',
  routing: 'each request comes over a fresh connection, so that every worker gets its share.',
};

const STAY = 'its few entries must stay in their caches while it runs.';
/** For a scenario whose entries are few and must stay: limits would only blur what it shows. */
export const NO_LIMITS: Unused = { maxEntries: STAY, timeoutSeconds: STAY, cullFrequency: STAY };
