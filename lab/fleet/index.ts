import type { Launcher } from './fleet.ts';

type Load = () => Promise<Launcher>;

/** The launchers by name that a person may choose. A new one is a file and a line here. */
const LAUNCHERS: Readonly<Record<string, Load>> = {
  cluster: async () => (await import('./cluster.ts')).cluster,
  pm2: async () => (await import('./pm2.ts')).pm2,
};

/** Those that only a scenario names: the workers of threads cannot be replaced one by one. */
const FOR_SCENARIOS: Readonly<Record<string, Load>> = {
  threads: async () => (await import('./threads.ts')).threads,
};

/** The names that a person may choose from. */
export const launcherNames: readonly string[] = Object.keys(LAUNCHERS);

/**
 * Loads a launcher, which nobody else's programs come along with.
 *
 * @throws RangeError for a name that no launcher has
 */
export async function loadLauncher(name: string): Promise<Launcher> {
  const all = { ...LAUNCHERS, ...FOR_SCENARIOS };
  if (!Object.hasOwn(all, name)) throw new RangeError(`there is no launcher ${name}`);
  return all[name]!();
}
