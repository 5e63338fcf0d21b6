import { cluster } from './cluster.ts';
import type { Launcher } from './fleet.ts';
import { pm2 } from './pm2.ts';
import { threads } from './threads.ts';

/** The launchers by name that a person may choose. A new one is a file and a line here. */
export const launchers: Readonly<Record<string, Launcher>> = { cluster, pm2 };

/** What an arm may name: also the threads, whose workers cannot be replaced one by one. */
export const armLaunchers: Readonly<Record<string, Launcher>> = { ...launchers, threads };
