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
  readonly version: number;
  readonly stale: boolean;
  /** Whether the worker that answered still held an old copy then: it knows of no other. */
  readonly heldOld: boolean;
}

/** What became of the old copies of an arm; all times in seconds since the update. */
export function stalenessOf(arm: SeenArm<Seen>) {
  const expiries = expiriesOf(arm);
  const ends = [...expiries.values()];
  return {
    reads: timedReads(arm.observations.reads, expiries),
    /**
     * From when on an update is to be seen. In the same process that is at once; in a service it
     * takes a round trip, and near copies wait for a message.
     */
    told: arm.backend === 'locmem' ? 0 : 0.25,
    /** Until the first old copy expires, all of them are alive: the share of stale reads is level. */
    levelUntil: Math.min(arm.cache.timeoutSeconds!, ...ends),
    /** When the last old copy expires; 0 when there is none. */
    lastExpiry: Math.max(0, ...ends),
  };
}

/** By the answering worker's own clock, the one by which its copy expires. */
function timedReads(
  { update, atSeconds, slot, version }: Reads,
  expiries: ReadonlyMap<number, number>,
): TimedRead[] {
  if (!update) return [];
  return atSeconds.map((at, i) => {
    const seconds = at - update.atSeconds;
    return {
      seconds,
      version: version[i]!,
      stale: seconds > 0 && version[i]! < update.version,
      heldOld: seconds > 0 && seconds < (expiries.get(slot[i]!) ?? 0),
    };
  });
}

/**
 * When each worker's old copy expires, by slot. The worker that was told dropped its own. In a
 * service there is one entry, which the update removes.
 */
function expiriesOf({ observations, backend, cache }: SeenArm<Seen>): Map<number, number> {
  const { copies, update } = observations.reads;
  const ends = new Map<number, number>();
  if (!update || backend !== 'locmem') return ends;
  for (const { slot, atSeconds, version } of copies) {
    const isDropped = slot === update.slot && atSeconds <= update.atSeconds;
    const end = atSeconds + cache.timeoutSeconds! - update.atSeconds;
    if (version >= update.version || isDropped || end <= 0) continue;
    ends.set(slot, Math.max(end, ends.get(slot) ?? 0));
  }
  return ends;
}

/** The reads after one time, up to another. */
export function readsBetween(reads: readonly TimedRead[], from: number, to: number): TimedRead[] {
  return reads.filter(({ seconds }) => seconds > from && seconds <= to);
}

/** The share of these reads of which something is so; `null` of none. */
export function shareOf(reads: readonly TimedRead[], what: 'stale' | 'heldOld'): number | null {
  return reads.length === 0 ? null : reads.filter((read) => read[what]).length / reads.length;
}
