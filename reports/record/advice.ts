import type { Warning } from './schema.ts';

/** Whether a warning follows from the result, and is no reason to doubt it. */
export function isAdvice({ kind }: Warning): boolean {
  return kind === 'local-cache-with-several-workers';
}
