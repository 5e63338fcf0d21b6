import type { SeenArm } from '../kit/contract.ts';
import type { Reads } from './reads.ts';

/** Entries of each worker. */
export type Entries = readonly { readonly slot: number; readonly entries: number }[];

/** What is seen of an arm. */
export interface Seen {
  readonly reads: Reads;
  /** What a clear on worker 1 reached. */
  readonly clear: { readonly before: Entries; readonly after: Entries };
}

/** One read in the time since the update. */
interface TimedRead {
  readonly seconds: number;
  readonly stale: boolean;
  readonly version: number;
}

/** What became of the old copies of an arm; all times in seconds since the update. */
export function stalenessOf(arm: SeenArm<Seen>) {
  const expiries = expiriesOf(arm);
  return {
    reads: timedReads(arm.observations.reads),
    /**
     * From when on an update is to be seen. In the same process that is at once; in a service it
     * takes a round trip, and near copies wait for a message.
     */
    told: arm.backend === 'locmem' ? 0 : 0.25,
    /** Old copies that lived on when the update was made. */
    copies: expiries.length,
    /** Until the first old copy expires, all of them are alive: the share of stale reads is level. */
    levelUntil: expiries.length === 0 ? arm.cache.timeoutSeconds! : Math.min(...expiries),
    /** When the last old copy expires; 0 when there is none. */
    lastExpiry: Math.max(0, ...expiries),
  };
}

/** By the readers' worker's own clock, which is the clock of the machine that made the update. */
function timedReads({ update, atSeconds, version }: Reads): TimedRead[] {
  if (!update) return [];
  return atSeconds.map((at, i) => ({
    seconds: at - update.atSeconds,
    stale: at > update.atSeconds && version[i]! < update.version,
    version: version[i]!,
  }));
}

/**
 * When the copies that workers held at the update expire. The worker that was told holds none any
 * more. On a slow machine copies may have been made anew before the update, or one may just have
 * expired. In a service there is one entry, which the update removes.
 */
function expiriesOf({ observations, backend, cache }: SeenArm<Seen>): number[] {
  const { copies, update } = observations.reads;
  if (!update || backend !== 'locmem') return [];
  const last = new Map<number, number>();
  for (const { slot, atSeconds } of copies) {
    if (slot === update.slot || atSeconds > update.atSeconds) continue;
    last.set(slot, Math.max(atSeconds, last.get(slot) ?? 0));
  }
  return [...last.values()]
    .map((at) => at + cache.timeoutSeconds! - update.atSeconds)
    .filter((end) => end > 0);
}

/** The reads after one time, up to another. */
export function readsBetween(reads: readonly TimedRead[], from: number, to: number): TimedRead[] {
  return reads.filter(({ seconds }) => seconds > from && seconds <= to);
}

/** The share of these reads that got the old name; `null` of none. */
export function staleShareOf(reads: readonly TimedRead[]): number | null {
  return reads.length === 0 ? null : reads.filter(({ stale }) => stale).length / reads.length;
}
