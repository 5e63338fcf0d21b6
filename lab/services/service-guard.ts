import { spawn } from 'node:child_process';

/*
 * Runs one service for the lab, and ends it when the lab says so or is gone: neither Redis nor
 * Memcached would notice. A process of its own, because a lab that is killed outright can do nothing
 * any more; and because a parent alone knows for sure whom a process number means.
 */

/** What the guard tells the lab: first this, then nothing. */
export interface GuardReport {
  readonly pid: number;
  readonly startedAtMillis: number;
}

const [program, ...args] = process.argv.slice(2);
const startedAtMillis = Date.now();
const service = spawn(program!, args, { stdio: ['ignore', 'inherit', 'inherit'] });

service.once('spawn', () => process.send?.({ pid: service.pid!, startedAtMillis }));
service.once('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  end(1);
});
service.once('exit', (code, signal) => {
  if (signal !== null) process.stderr.write(`The process was ended by ${signal}.\n`);
  end(code ?? 1);
});
// The channel closes when the lab ends, however it ends. A stopped process takes no other signal.
process.once('disconnect', () => service.kill('SIGKILL'));
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => service.kill('SIGKILL'));
}

/** Without its service and its channel, nothing keeps this process. */
function end(code: number): void {
  process.exitCode = code;
  if (process.connected) process.disconnect?.();
}
