import { count, counted, inWords, percent } from '../../reports/record/format.ts';
import { cachesOf, eachFleetAndBackend, isCured, mostTelling } from '../kit/arms.ts';
import type { Scenario } from '../kit/contract.ts';
import {
  aRateThatHolds,
  atLeast,
  FRESH_CONNECTIONS,
  noPopularity,
  refuseWhen,
  usableBackends,
} from '../kit/options.ts';
import { shareEstimate } from '../theory/binomial.ts';
import { exactly } from '../theory/estimate.ts';
import { staleShare } from '../theory/routing.ts';
import { clearTable, courseOf } from './exhibits.ts';
import { measureReads } from './protocol.ts';
import { readsBetween, type Seen, stalenessOf, staleShareOf } from './staleness.ts';

/** It waits for old copies to expire, so they must not take too long, nor too short to be read. */
const TIMEOUT = { least: 0.5, most: 5 };
/** Fewer reads in one timeout say little. */
const LEAST_READS = 100;

/** Readers on all workers, one update through one of them; then one clear through one of them. */
export const staleReads: Scenario<Seen> = {
  name: 'stale-reads',
  question:
    'A user is renamed through one worker. What do readers at the others see, and how long?',
  claims: ['C17'],
  seconds: 9,
  defaults: { ratePerSecond: 200, timeoutSeconds: 2 },
  quick: { workers: [2], timeoutSeconds: 1 },
  uses: ['backends'],
  unused: {
    requests: 'traffic lasts until every old copy has expired.',
    ...FRESH_CONNECTIONS,
    ...noPopularity('everybody reads the same user'),
  },

  refuse(options) {
    const { ratePerSecond, timeoutSeconds } = options;
    return [
      aRateThatHolds(options),
      refuseWhen(
        timeoutSeconds === null || timeoutSeconds > TIMEOUT.most || timeoutSeconds < TIMEOUT.least,
        'timeoutSeconds',
        `it waits for old copies to expire; use ${TIMEOUT.least} to ${TIMEOUT.most}`,
      ),
      refuseWhen(
        ratePerSecond !== null &&
          timeoutSeconds !== null &&
          ratePerSecond * timeoutSeconds < LEAST_READS,
        'ratePerSecond',
        `that makes fewer than ${LEAST_READS} reads in one timeout, which say little`,
      ),
      atLeast(options, 'maxEntries', 10, 'the entry that is read would be evicted'),
      usableBackends(options, {
        memcached:
          'entries in memcached live up to two seconds longer than asked, which is as long as this run',
      }),
    ];
  },

  arms: (options) => eachFleetAndBackend(options, { routing: 'fresh' }),

  measure: measureReads,

  findings(arm) {
    const { clear } = arm.observations;
    const { reads, told, copies, levelUntil, lastExpiry } = stalenessOf(arm);
    const inArm = isCured(arm) ? `with ${arm.name}` : `with ${counted(arm.workers, 'worker')}`;
    const open = readsBetween(reads, told, levelUntil);
    const late = readsBetween(reads, Math.max(told, lastExpiry), Infinity);
    return [
      {
        what: `share of reads with the old name while old copies lived, ${inArm}`,
        unit: 'share',
        expected:
          open.length === 0
            ? null
            : shareEstimate(
                open.length,
                staleShare(arm.workers, copies),
                'every worker that holds a copy but the one that was told: (N − 1)/N',
              ),
        measured: staleShareOf(open),
      },
      {
        what: `versions of the user that were read after the update, ${inArm}`,
        unit: 'versions',
        expected: exactly(cachesOf(arm) === 1 ? 1 : 2, 'one per state of a copy: told, not told'),
        measured: new Set(readsBetween(reads, told, Infinity).map(({ version }) => version)).size,
      },
      {
        what: `reads with the old name after every old copy had expired, ${inArm}`,
        unit: 'reads',
        expected: exactly(0, 'no copy outlives its timeout'),
        measured: late.filter(({ stale }) => stale).length,
      },
      {
        what: `workers whose cache a clear through worker 1 left as it was, ${inArm}`,
        unit: 'workers',
        expected: exactly(
          cachesOf(arm) - 1,
          isCured(arm)
            ? 'a clear empties the cache that all share'
            : 'a clear is a call in one process',
        ),
        measured: clear.after.filter(({ entries }) => entries > 0).length,
      },
    ];
  },

  sentence(arms) {
    const arm = mostTelling(arms)!;
    const { clear } = arm.observations;
    const { reads, levelUntil } = stalenessOf(arm);
    const stale = reads.flatMap(({ seconds, stale }) => (stale ? [seconds] : []));
    const open = readsBetween(reads, 0, levelUntil);
    const cleared = clear.after.filter(({ entries }) => entries === 0).length;
    if (stale.length === 0)
      return `After the update no read of ${count(open.length)} got the old name, and the clear reached ${cleared} of ${arm.workers}.`;
    return (
      `After one update, ${percent(staleShareOf(open))} of the reads at ${counted(arm.workers, 'worker')} still got the old name, the last one ` +
      `${inWords(Math.max(...stale), 'seconds')} later; both names were served at the same time. A clear through one worker reached ${cleared} of ${arm.workers} caches.`
    );
  },

  exhibits: (arms) => [...arms.map(courseOf), clearTable(arms)],
};
