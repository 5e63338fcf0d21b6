import type { Scenario } from './kit/contract.ts';

/**
 * The scenarios in the order of the course. A new one is a folder and a line here. Each is loaded
 * when it is asked for, so that a run loads no other's code.
 */
const SCENARIOS: Readonly<Record<string, () => Promise<Scenario>>> = {
  'first-request': async () => (await import('./first-request/scenario.ts')).firstRequest,
  'user-123': async () => (await import('./user-123/scenario.ts')).user123,
  'hit-rate': async () => (await import('./hit-rate/scenario.ts')).hitRate,
  restart: async () => (await import('./restart/scenario.ts')).restart,
  eviction: async () => (await import('./eviction/scenario.ts')).eviction,
  expiry: async () => (await import('./expiry/scenario.ts')).expiry,
  'stale-reads': async () => (await import('./stale-reads/scenario.ts')).staleReads,
  'lost-session': async () => (await import('./lost-session/scenario.ts')).lostSession,
  'rate-limit': async () => (await import('./rate-limit/scenario.ts')).rateLimit,
  counter: async () => (await import('./counter/scenario.ts')).counter,
  stampede: async () => (await import('./stampede/scenario.ts')).stampede,
  'two-servers': async () => (await import('./two-servers/scenario.ts')).twoServers,
  'keep-alive': async () => (await import('./keep-alive/scenario.ts')).keepAlive,
  threads: async () => (await import('./threads/scenario.ts')).threads,
  memory: async () => (await import('./memory/scenario.ts')).memory,
  locations: async () => (await import('./locations/scenario.ts')).locations,
  'shared-cache': async () => (await import('./shared-cache/scenario.ts')).sharedCache,
};

/** In the order of the course. */
export const SCENARIO_NAMES: readonly string[] = Object.keys(SCENARIOS);

/**
 * The scenarios of these names, in that order.
 *
 * @throws RangeError for a name that none has
 */
export async function loadScenarios(
  names: readonly string[] = SCENARIO_NAMES,
): Promise<Scenario[]> {
  return Promise.all(
    names.map((name) => {
      if (!Object.hasOwn(SCENARIOS, name)) throw new RangeError(`there is no scenario ${name}`);
      return SCENARIOS[name]!();
    }),
  );
}
