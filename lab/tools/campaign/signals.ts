import { setTimeout as delay } from 'node:timers/promises';
import type { Attempt } from './attempt.ts';
import type { Chance } from './chance.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const;

/** A signal to the lab at any moment of a run: it ends in order, and so does all that it started. */
export function* signals({ pick, upTo }: Chance): Generator<Attempt> {
  for (;;) {
    const signal = pick(SIGNALS);
    const launcher = pick(['cluster', 'pm2'] as const);
    const backend = pick(['locmem', 'locmem', 'redis', 'memcached', 'tiered'] as const);
    const routing = pick(['keep-alive', 'fresh', 'by-key'] as const);
    const millis = upTo(8_000);
    const times = signal !== 'SIGKILL' && upTo(3) === 0 ? 2 : 1;
    yield {
      name: `${signal}${times === 2 ? ' twice' : ''} after ${millis} ms`,
      args: [
        ...['-w', '3', '-r', '2000', '--rate', '800', '-k', '30', '-o', 'OUT'],
        ...['-l', launcher, '-b', backend, '--routing', routing],
      ],
      async during({ child }) {
        await delay(millis);
        for (let time = 0; time < times; time++) child.kill(signal);
      },
      // It may have been through before.
      codes: [0, 1],
      // Or not yet there.
      bySignal: signal,
      says: /was interrupted|Standard output/,
      isKilled: signal === 'SIGKILL',
    };
  }
}
