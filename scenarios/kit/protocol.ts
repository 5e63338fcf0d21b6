import { userKey, userPath } from '../../server/protocol.ts';
import { createKeySampler } from '../theory/key-sampler.ts';
import type { LabRequest } from './contract.ts';

/*
 * What several protocols do, and how they read it. Pages of keys: the workload counts its keys from
 * 0, the database its users from 1.
 */

/** The name under which a key's page is cached, as in the articles: `user_123`. */
export function pageName(key: number): string {
  return userKey(key + 1);
}

/** A request for the page of a key. */
export function pageOf(key: number): LabRequest & { readonly key: number } {
  return { path: userPath(key + 1), key };
}

/** So many workers at random, each as likely as the others; the same seed gives the same. */
export function randomSlots(
  { workers, seed }: { readonly workers: number; readonly seed: number },
  length: number,
): number[] {
  const draw = createKeySampler(new Array(workers).fill(1 / workers), seed);
  return Array.from({ length }, () => 1 + draw());
}

/** One entry of the header Server-Timing, in microseconds; `null` where there is none. */
export function serverMicros(
  headers: Readonly<Record<string, string | undefined>>,
  name: string,
): number | null {
  const match = new RegExp(`(?:^|, )${name};dur=([\\d.]+)`).exec(headers['server-timing'] ?? '');
  return match ? Number(match[1]) * 1_000 : null;
}
