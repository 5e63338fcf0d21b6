import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { findPythonWithDjango } from '../django/oracle.ts';
import type { Stream } from './stream.ts';
import { MAX_ENTRIES } from './throughput.ts';

/** How fast Django served a stream, or why that is not known. */
export type DjangoSpeed =
  | {
      /** Requests per second of processor time, of `django.core.cache.cache` as applications use it. */
      readonly perSecond: number;
      /** The same of the bare backend object, which an application seldom holds. */
      readonly barePerSecond: number;
      readonly misses: number;
    }
  | { readonly missing: string };

interface Served {
  readonly seconds: number;
  readonly misses: number;
}

/** Serves the stream once with the real Django, in a Python process of its own. */
export function djangoSpeed(stream: Stream, value: unknown): DjangoSpeed {
  const search = findPythonWithDjango();
  if ('missing' in search) return search;
  const script = fileURLToPath(new URL('serve_stream.py', import.meta.url));
  const input = { ...stream, requests: [...stream.requests], maxEntries: MAX_ENTRIES, value };
  const run = spawnSync(search.python, [script], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    timeout: 120_000,
  });
  if (run.status !== 0) return { missing: run.stderr.trim() || String(run.error) };
  const { application, bare } = JSON.parse(run.stdout) as { application: Served; bare: Served };
  return {
    perSecond: stream.requests.length / application.seconds,
    barePerSecond: stream.requests.length / bare.seconds,
    misses: application.misses,
  };
}
