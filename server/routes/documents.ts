import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FeatureParts } from '../parts.ts';
import type { DocumentsWeight } from '../protocol.ts';
import { IdParams } from './id-params.ts';

/** Large enough that a hundred of them stand out in the memory of a process. */
const DOCUMENT_BYTES = 128 * 1024;

/** Documents read through a cache of their own, and what they weigh in this process. */
export const documentRoutes: FastifyPluginAsyncTypebox<FeatureParts> = async (app, { cache }) => {
  app.get('/documents/:id', { schema: { params: IdParams } }, async (request) => {
    const id = Number(request.params.id);
    const text = await cache.getOrSet<string>(`document_${id}`, () => documentText(id));
    return { id, bytes: text.length };
  });

  app.get('/documents', async (): Promise<DocumentsWeight> => {
    const entries = (await cache.entries())?.length ?? 0;
    collectGarbage();
    const { heapUsed, rss } = process.memoryUsage();
    return {
      entries,
      contentBytes: entries * DOCUMENT_BYTES,
      heapUsedBytes: heapUsed,
      rssBytes: rss,
    };
  });
};

/** One byte a character, as V8 keeps such text. */
function documentText(id: number): string {
  return Buffer.alloc(DOCUMENT_BYTES, `document ${id} `).toString('latin1');
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
