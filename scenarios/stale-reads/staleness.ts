import type { SeenArm } from '../kit/contract.ts';
import type { Reads } from './reads.ts';

/** What a clear on worker 1 reached. */
export interface ClearReach {
  readonly before: { readonly slot: number; readonly entries: number }[];
  readonly after: { readonly slot: number; readonly entries: number }[];
}

/** What is seen of an arm. */
export interface Seen {
  readonly reads: Reads;
  readonly clear: ClearReach;
}

type Measured = SeenArm<Seen>;

/** One read in the time since the update. */
interface TimedRead {
  readonly seconds: number;
  readonly stale: boolean;
  readonly version: number;
}

/** By the readers' worker's own clock, which is the clock of the machine that made the update. */
export function timedReads({ update, atSeconds, version }: Reads): TimedRead[] {
  if (!update) return [];
  return atSeconds.map((at, i) => ({
    seconds: at - update.atSeconds,
    stale: at > update.atSeconds && version[i]! < update.version,
    version: version[i]!,
  }));
}

/**
 * From when on an update is to be seen, in seconds after its worker told the cache. In the same
 * process that is at once; in a service it takes a round trip, and near copies wait for a message.
 */
export function toldAfter({ backend }: Pick<Measured, 'backend'>): number {
  return backend === 'locmem' ? 0 : 0.25;
}

/** The reads in a stretch of time after the update, in seconds. */
export const readsBetween = (reads: Reads, from: number, to: number): TimedRead[] =>
  timedReads(reads).filter(({ seconds }) => seconds > from && seconds <= to);

/** Ages at which the old name was still read, in seconds since the update. */
export const staleTimes = (reads: Reads): number[] =>
  timedReads(reads).flatMap(({ seconds, stale }) => (stale ? [seconds] : []));

/** Until the first old copy expires, all of them are alive: the share of stale reads is level. */
export function windowEnd(arm: Measured): number {
  const ends = expiries(arm);
  return ends.length === 0 ? arm.cache.timeoutSeconds! : Math.min(...ends);
}

/** When the last old copy expires, in seconds since the update; 0 when there is none. */
export function lastExpiry(arm: Measured): number {
  return Math.max(0, ...expiries(arm));
}

/**
 * When the copies that workers held at the update expire, in seconds since then. The worker that
 * was told holds none any more. On a slow machine copies may have been made anew before the update,
 * or one may just have expired. In a service there is one entry, which the update removes.
 */
export function expiries(arm: Measured): number[] {
  const { copies, update } = arm.observations.reads;
  if (!update || arm.backend !== 'locmem') return [];
  const timeout = arm.cache.timeoutSeconds!;
  const last = new Map<number, number>();
  for (const { slot, atSeconds } of copies) {
    if (slot === update.slot || atSeconds > update.atSeconds) continue;
    last.set(slot, Math.max(atSeconds, last.get(slot) ?? 0));
  }
  return [...last.values()].map((at) => at + timeout - update.atSeconds).filter((end) => end > 0);
}

/** The share of these reads that got the old name; `null` of none. */
export function staleShareOf(reads: readonly TimedRead[]): number | null {
  return reads.length === 0 ? null : reads.filter(({ stale }) => stale).length / reads.length;
}

/** Different versions of the user that were read after the update. */
export function versionsAfter(arm: Measured): number {
  const after = timedReads(arm.observations.reads).filter(
    ({ seconds }) => seconds > toldAfter(arm),
  );
  return new Set(after.map(({ version }) => version)).size;
}
