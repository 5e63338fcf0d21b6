import { cluster } from './cluster.ts';
import type { Launcher } from './fleet.ts';
import { pm2 } from './pm2.ts';

/** The launchers by name. A new one is a file and a line here. */
export const launchers: Readonly<Record<string, Launcher>> = { cluster, pm2 };
