import { setTimeout as delay } from 'node:timers/promises';
import type { Attacked, Attempt, RunningProcess } from './attempt.ts';
import type { Chance } from './chance.ts';

/** A part of a run that can fail: how its process is known, and what the lab has to say of it. */
interface Part {
  readonly flags: readonly string[];
  readonly is: (one: RunningProcess) => boolean;
  /** When it is killed, and when it is stopped; left out: the run goes on and comes to its end. */
  readonly killed?: RegExp;
  readonly stopped?: RegExp;
}

const has = (text: string) => (one: RunningProcess) => one.command.includes(text);
const DIED = /(Worker \d|redis-server|memcached|The balancer).* died during the run/;
const SILENT = /Worker \d \(pid \d+\) does not answer/;

const PARTS: Readonly<Record<string, Part>> = {
  worker: { flags: ['-l', 'cluster'], is: has('server/worker.ts'), killed: DIED, stopped: SILENT },
  'worker of pm2': {
    flags: ['-l', 'pm2'],
    is: has('server/worker.ts'),
    killed: DIED,
    stopped: SILENT,
  },
  primary: { flags: ['-l', 'cluster'], is: has('server/primary.ts'), killed: DIED },
  'daemon of pm2': { flags: ['-l', 'pm2'], is: has('God Daemon'), killed: DIED },
  redis: { flags: ['-b', 'redis'], is: has('redis-server unixsocket'), killed: DIED },
  memcached: { flags: ['-b', 'memcached'], is: has('bin/memcached -s'), killed: DIED },
  'guard of redis': { flags: ['-b', 'tiered'], is: has('service-guard.ts'), killed: DIED },
  balancer: { flags: ['--routing', 'by-key'], is: has('balancer.ts'), killed: DIED },
};

/** A part of a running lab that is killed, or stops: it is named, and nothing is left. */
export function* faults({ pick, upTo }: Chance): Generator<Attempt> {
  for (;;) {
    const name = pick(Object.keys(PARTS));
    const { flags, is, killed, stopped } = PARTS[name]!;
    const signal = stopped && upTo(3) === 0 ? 'SIGSTOP' : 'SIGKILL';
    const says = signal === 'SIGSTOP' ? stopped : killed;
    const millis = upTo(1_500);
    yield {
      name: `${signal} to the ${name}, ${millis} ms into a phase`,
      args: ['-w', '3', '-r', '6000', '--rate', '600', '-k', '30', '-o', 'OUT', ...flags],
      during: (attacked) => strike(attacked, { is, signal, millis }),
      codes: [1],
      says,
    };
  }
}

async function strike(
  { until, written, processes }: Attacked,
  { is, signal, millis }: { is: Part['is']; signal: NodeJS.Signals; millis: number },
): Promise<void> {
  await until(() => written().includes("reading the workers' counters"));
  await delay(millis);
  // The guard has the program's name among its arguments.
  const found = await until(() => {
    const all = processes().filter(is);
    return all.find((one) => !one.command.includes('service-guard') || all.length === 1);
  });
  if (found) process.kill(found.pid, signal);
}
