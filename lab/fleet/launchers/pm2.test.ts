import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { newPlan } from '../fixtures/plan.ts';
import { launcher } from './pm2.ts';

/** What only pm2 has; the rest is in the contract of launchers. */

test('a worker that pm2 is starting again holds up no stop: the daemon ends by itself', async () => {
  const { run, plan } = newPlan({ workers: 1 });
  const fleet = await launcher.start(plan, new AbortController().signal);
  try {
    const [worker] = await fleet.workers();
    process.kill(worker!.pid, 'SIGKILL');
    const log = () => readFileSync(path.join(run.path, 'pm2', 'pm2.log'), 'utf8');
    const again = () => log().split('starting in -cluster mode-').length > 2;
    await vi.waitUntil(again, { timeout: 5_000, interval: 2 });
    await fleet.stop();
    expect(log()).toContain('Exited peacefully');
  } finally {
    await fleet.stop();
    run.remove();
  }
});
