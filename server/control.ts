import Fastify, { type FastifyInstance } from 'fastify';
import type { AppParts } from './parts.ts';
import type { ClearReply, WorkerSnapshot } from './protocol.ts';

/** What a worker counts outside its cache; see {@link WorkerSnapshot}. */
export interface WorkerCounters {
  port: number;
  connections: number;
  requests: number;
}

/**
 * The worker's private socket: this worker's counters and entries, and no other's. Asked over the
 * shared port, an arbitrary worker would answer.
 */
export function buildControl(parts: AppParts, counters: WorkerCounters): FastifyInstance {
  const control = Fastify({ logger: false, forceCloseConnections: true });

  control.get('/snapshot', async (request): Promise<WorkerSnapshot> => {
    const withKeys = (request.query as { keys?: string }).keys !== undefined;
    const entries = await parts.cache.entries();
    const memory = process.memoryUsage();
    return {
      ...parts.worker,
      ...counters,
      stats: parts.cache.stats(),
      originQueries: parts.origin.queries,
      entries: entries?.length ?? null,
      keys: withKeys ? (entries?.map((entry) => entry.key) ?? null) : null,
      rssBytes: memory.rss,
      heapUsedBytes: memory.heapUsed,
    };
  });

  control.get('/alive', async () => parts.worker);

  control.post('/clear', async (): Promise<ClearReply> => {
    const { result, sequence, atSeconds } = parts.journal.note(() => parts.cache.clear());
    await result;
    return { ...parts.worker, sequence, atSeconds };
  });

  return control;
}
