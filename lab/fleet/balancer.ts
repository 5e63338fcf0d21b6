import { openBalancer } from './balancer-app.ts';
import type { BalancerSettings } from './fleet.ts';
import { readRoster } from './roster.ts';

/*
 * The balancer as a process of its own, so that it takes no time from the load. Its settings are its
 * argument, as JSON; it tells its port, and then the servers in use whenever it is told others.
 */

const balancer = await openBalancer(
  JSON.parse(process.argv[2] ?? '') as BalancerSettings,
  readRoster,
);
process.on('message', async (servers: readonly number[]) => {
  await balancer.use(servers);
  process.send?.(servers);
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit());
// The lab is gone.
process.on('disconnect', () => process.exit());
process.send?.(balancer.port);
