import type { CacheCounts } from './cache/stats.ts';

/** Who answers: one process that runs the server. */
export interface WorkerIdentity {
  /** 1…N; a worker that is replaced hands its slot to the next process. */
  readonly slot: number;
  readonly pid: number;
}

/** What a worker tells over its control socket; counted since the process started. */
export interface WorkerSnapshot {
  readonly slot: number;
  readonly pid: number;
  readonly port: number;
  /** Client connections accepted on the shared address. */
  readonly connections: number;
  /** Requests answered by the studied routes. */
  readonly requests: number;
  readonly stats: CacheCounts;
  readonly originQueries: number;
  /** Entries held; `null` where the backend cannot say. */
  readonly entries: number | null;
  /** The keys held as the cache made them, least recently used first; `null` as above or if not asked for. */
  readonly keys: string[] | null;
  readonly rssBytes: number;
  readonly heapUsedBytes: number;
}
