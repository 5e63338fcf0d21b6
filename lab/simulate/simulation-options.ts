import type { CacheLimits } from '../../scenarios/theory/cache-limits.ts';

/** How the requests of a trace find a worker. */
export const TRACE_ROUTINGS = ['random', 'round-robin', 'by-key', 'by-client'] as const;
export type TraceRouting = (typeof TRACE_ROUTINGS)[number];

/** Where entries are kept: each worker's own memory, or one cache that all share. */
export const SIMULATED_BACKENDS = ['locmem', 'shared'] as const;
export type SimulatedBackend = (typeof SIMULATED_BACKENDS)[number];

export interface SimulationOptions {
  /** Numbers of workers to simulate side by side. */
  readonly workers: readonly number[];
  readonly routing: TraceRouting;
  readonly backends: readonly SimulatedBackend[];
  readonly limits: CacheLimits;
  /** Other sizes of a worker's cache, for the curve of hit rate against memory. */
  readonly capacities: readonly number[];
  /** The part of the keys that the simulation is given (0…1]; caches shrink with it. */
  readonly sample: number;
  /** By client, a connection ends when it was idle for longer. */
  readonly idleSeconds?: number;
  /** When workers, and the caches in them, are replaced; left out: never. */
  readonly replacement?: Replacement | undefined;
  /** Whether the batches have writes. */
  readonly hasWrites?: boolean;
  readonly seed: number;
  /** A uniform 32-bit number that belongs to a key. */
  readonly hashOf: (key: number) => number;
}

/** When workers are replaced, and their caches lost. */
export interface Replacement {
  /** All at once, as by a deployment; Infinity: never. */
  readonly everySeconds: number;
  /** One by one, each after so many requests; Infinity: never. */
  readonly maxRequests: number;
  /** And up to so many more, by chance, so that they do not go together. */
  readonly jitter: number;
}
