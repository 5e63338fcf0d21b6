import { setTimeout as delay } from 'node:timers/promises';

const POLL_MILLIS = 10;

/**
 * Looks again and again until `look` finds something that counts as true, and gives it back;
 * `undefined`: the time was over first.
 *
 * @throws whatever `look` throws, or what `signal` is aborted by
 */
export async function poll<T>(
  look: () => T | Promise<T>,
  {
    limitMillis = Infinity,
    signal,
  }: { limitMillis?: number; signal?: AbortSignal | undefined } = {},
): Promise<T | undefined> {
  const until = performance.now() + limitMillis;
  for (;;) {
    signal?.throwIfAborted();
    const found = await look();
    if (found) return found;
    if (performance.now() > until) return undefined;
    await delay(POLL_MILLIS, undefined, { signal }).catch(() => {});
  }
}
