import { mersenne } from 'pure-rand/generator/mersenne';
import type { SimulationOptions } from './simulation-options.ts';
import type { TraceBatch } from './trace/trace-batch.ts';

/** What routing needs to know. */
export type RoutingOptions = Pick<SimulationOptions, 'routing' | 'seed' | 'hashOf' | 'idleSeconds'>;

/** Chooses a worker, from 0, for each request of a batch. */
export function traceRouter(
  options: RoutingOptions,
  workers: number,
): (batch: TraceBatch) => Uint32Array {
  if (workers === 1) return ({ keys }) => new Uint32Array(keys.length);
  const next = chooser(options, workers);
  return (batch) => {
    const workerOf = new Uint32Array(batch.keys.length);
    for (let i = 0; i < workerOf.length; i++) workerOf[i] = next(batch, i);
    return workerOf;
  };
}

function chooser({ routing, seed, hashOf, idleSeconds }: RoutingOptions, workers: number) {
  if (routing === 'by-key') return ({ keys }: TraceBatch, i: number) => hashOf(keys[i]!) % workers;
  if (routing === 'round-robin') {
    let turn = 0;
    return () => turn++ % workers;
  }
  // Its first draws differ from seed to seed; those of xoroshiro128+ hardly do.
  const random = mersenne(seed);
  const any = () => Math.floor(((random.next() >>> 0) / 2 ** 32) * workers);
  return routing === 'random' ? any : connections(any, idleSeconds ?? Infinity);
}

/** A client has one connection, to any worker, until it was idle for so long; then it opens another. */
function connections(anyWorker: () => number, idleSeconds: number) {
  const workers: number[] = [];
  const lastRequest: number[] = [];
  return ({ client, seconds }: TraceBatch, i: number) => {
    const who = client![i]!;
    const now = seconds[i]!;
    const isOpen = workers[who] !== undefined && now - lastRequest[who]! <= idleSeconds;
    if (!isOpen) workers[who] = anyWorker();
    lastRequest[who] = now;
    return workers[who]!;
  };
}
