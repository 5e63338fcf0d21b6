import type { CacheCounts } from '../../server/cache/stats.ts';

/** What a worker says of itself over its control socket; counts are since its process started. */
export interface WorkerSnapshot {
  readonly slot: number;
  readonly pid: number;
  /** Connections accepted on the public address. */
  readonly connections: number;
  /** Requests answered on the public address. */
  readonly requests: number;
  readonly stats: CacheCounts;
  readonly originQueries: number;
  /** Entries held now; `null` where a backend cannot say. */
  readonly entries: number | null;
  /** The made keys of the entries held now, e.g. `:1:user_17`. */
  readonly keys: readonly string[] | null;
  readonly rssBytes: number;
  readonly heapUsedBytes: number;
}
