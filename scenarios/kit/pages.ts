import { userKey, userPath } from '../../server/protocol.ts';
import type { LabRequest } from './contract.ts';

/*
 * Pages of keys: the workload counts its keys from 0, the database its users from 1.
 */

/** The name under which a key's page is cached, as in the articles: `user_123`. */
export function pageName(key: number): string {
  return userKey(key + 1);
}

/** A request for the page of a key. */
export function pageOf(key: number): LabRequest & { readonly key: number } {
  return { path: userPath(key + 1), key };
}
