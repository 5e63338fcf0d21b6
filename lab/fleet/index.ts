import type { LauncherName } from '../../reports/record/vocabulary.ts';
import type { Launcher } from './fleet.ts';

/** The launchers by name, each loaded when it is asked for. A new one is a file and a line here. */
const LAUNCHERS: Readonly<Record<LauncherName, () => Promise<Launcher>>> = {
  cluster: async () => (await import('./cluster.ts')).cluster,
  pm2: async () => (await import('./pm2.ts')).pm2,
  threads: async () => (await import('./threads.ts')).threads,
};

/** What starts the workers of an arm. */
export function loadLauncher(name: LauncherName): Promise<Launcher> {
  return LAUNCHERS[name]();
}
