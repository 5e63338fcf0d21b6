import type { Arm, Finding } from '../../reports/record/schema.ts';
import { cachesOf, isCured, mostTelling } from '../kit/arms.ts';
import { count, counted, exactly, finding, percent } from '../kit/finding.ts';
import { shareEstimate } from '../theory/routing.ts';
import {
  type ClearReach,
  expiries,
  lastExpiry,
  readsBetween,
  readsOf,
  staleTimes,
  toldAfter,
  versionsAfter,
  windowEnd,
} from './staleness.ts';

/** What readers got and what the clear reached, held against what theory says. */
export function findings(arm: Arm): Finding[] {
  const reads = readsOf(arm);
  const inArm = isCured(arm) ? `with ${arm.name}` : `with ${counted(arm.workers, 'worker')}`;
  const stale = staleTimes(reads).filter((seconds) => seconds > toldAfter(arm));
  const open = readsBetween(reads, toldAfter(arm), windowEnd(arm, reads));
  const reach = arm.observations.clear as ClearReach;
  const left = reach.after.filter(({ entries }) => entries > 0).length;
  return [
    finding({
      claim: 'C17',
      what: `share of reads with the old name while old copies lived, ${inArm}`,
      unit: 'share',
      expected:
        open.length === 0
          ? null
          : shareEstimate(
              expiries(arm, reads).length / arm.workers,
              open.length,
              'every worker that holds a copy but the one that was told: (N − 1)/N',
            ),
      measured:
        open.length === 0 ? null : open.filter(({ stale: old }) => old).length / open.length,
    }),
    finding({
      claim: 'C17',
      what: `versions of the user that were read after the update, ${inArm}`,
      unit: 'versions',
      expected: exactly(cachesOf(arm) === 1 ? 1 : 2, 'one per state of a copy: told, not told'),
      measured: versionsAfter(arm, reads),
    }),
    finding({
      claim: 'C17',
      what: `reads with the old name after every old copy had expired, ${inArm}`,
      unit: 'reads',
      expected: exactly(0, 'no copy outlives its timeout'),
      measured: stale.filter((seconds) => seconds > lastExpiry(arm, reads)).length,
    }),
    finding({
      claim: 'C17',
      what: `workers whose cache a clear through worker 1 left as it was, ${inArm}`,
      unit: 'workers',
      expected: exactly(
        cachesOf(arm) - 1,
        isCured(arm)
          ? 'a clear empties the cache that all share'
          : 'a clear is a call in one process',
      ),
      measured: left,
    }),
  ];
}

/** The verdict in figures. */
export function sentence(arms: readonly Arm[]): string {
  const arm = mostTelling(arms);
  if (!arm) return 'Nothing was measured.';
  const reads = readsOf(arm);
  const stale = staleTimes(reads);
  const open = readsBetween(reads, 0, windowEnd(arm, reads));
  const share =
    open.length === 0 ? null : open.filter(({ stale: old }) => old).length / open.length;
  const reach = arm.observations.clear as ClearReach;
  const cleared = reach.after.filter(({ entries }) => entries === 0).length;
  if (stale.length === 0)
    return `After the update no read of ${count(open.length)} got the old name, and the clear reached ${cleared} of ${arm.workers}.`;
  return (
    `After one update, ${percent(share)} of the reads at ${counted(arm.workers, 'worker')} still got the old name, the last one ` +
    `${Math.max(...stale).toFixed(1)} s later; both names were served at the same time. A clear through one worker reached ${cleared} of ${arm.workers} caches.`
  );
}
