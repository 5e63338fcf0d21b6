import { count, counted, inWords, percent } from '../../reports/record/format.ts';
import { cachesOf, eachKindOfFleet, isCured, mostTelling } from '../kit/arms.ts';
import type { Scenario } from '../kit/contract.ts';
import { contrast } from '../kit/exhibits.ts';
import {
  aRateThatHolds,
  atLeast,
  FRESH_CONNECTIONS,
  noPopularity,
  refuseWhen,
  usableBackends,
} from '../kit/options.ts';
import { exactly, within } from '../theory/estimate.ts';
import { clearTable, courseOf } from './exhibits.ts';
import { measureReads } from './protocol.ts';
import { readsBetween, type Seen, shareOf, stalenessOf } from './staleness.ts';

/** It waits for old copies to expire, so they must not take too long, nor too short to be read. */
const TIMEOUT = { least: 0.5, most: 5 };
/** Fewer reads in one timeout say little. */
const LEAST_READS = 100;

/** Readers on all workers, one update through one of them; then one clear through one of them. */
export const staleReads: Scenario<Seen> = {
  name: 'stale-reads',
  question:
    'A user is renamed through one worker. What do readers at the others see, and for how long?',
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
        `that makes fewer than ${LEAST_READS} reads in one timeout, too few to judge`,
      ),
      atLeast(options, 'maxEntries', 10, 'the entry would be evicted'),
      usableBackends(options, {
        memcached:
          'entries in memcached may live two seconds too long, which is as long as this run',
      }),
    ];
  },

  arms: (options) => eachKindOfFleet(options, { routing: 'fresh' }),

  measure: measureReads,

  findings(arm) {
    const { clear } = arm.observations;
    const { reads, told, levelUntil, lastExpiry } = stalenessOf(arm);
    const inArm = isCured(arm) ? `with ${arm.name}` : `with ${counted(arm.workers, 'worker')}`;
    const open = readsBetween(reads, told, levelUntil);
    const level = shareOf(open, 'heldOld');
    const since = readsBetween(reads, told, Infinity);
    const late = readsBetween(reads, Math.max(told, lastExpiry), Infinity);
    return [
      {
        what: `share of reads with the old name while old copies lived, ${inArm}`,
        unit: 'share',
        expected:
          level === null
            ? null
            : exactly(
                level,
                'reads at workers that held an old copy: (N − 1)/N of them where requests are spread evenly',
              ),
        measured: shareOf(open, 'stale'),
      },
      lastExpiry > 0
        ? {
            what: `seconds from the update to the last read of the old name, ${inArm}`,
            unit: 'seconds',
            expected: within(
              lastExpiry,
              {
                low: lastSecond(reads, 'heldOld'),
                high: lastExpiry,
                reason: 'from the last read that a worker with an old copy answered',
              },
              'TIMEOUT less the age that the copies had at the update',
            ),
            measured: lastSecond(reads, 'stale'),
          }
        : null,
      {
        what: `versions of the user that were read after the update, ${inArm}`,
        unit: 'versions',
        expected: exactly(
          lastSecond(since, 'heldOld') > 0 ? 2 : 1,
          'one per state of a copy: told, not told',
        ),
        measured: new Set(since.map(({ version }) => version)).size,
      },
      {
        what: `reads with the old name after every old copy had expired, ${inArm}`,
        unit: 'reads',
        expected: exactly(0, 'no copy outlives its timeout'),
        measured: late.filter(({ stale }) => stale).length,
      },
      {
        what: `workers whose cache a clear through worker 1 did not reach, ${inArm}`,
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
    const open = readsBetween(reads, 0, levelUntil);
    const cleared = clear.after.filter(({ entries }) => entries === 0).length;
    const last = lastSecond(reads, 'stale');
    if (last === 0)
      return `After the update no read of ${count(open.length)} got the old name, and the clear reached ${cleared} of ${arm.workers}.`;
    const both = readsBetween(reads, 0, last).some(({ stale }) => !stale)
      ? '; meanwhile others got the new one'
      : '';
    return (
      `After one update, ${percent(shareOf(open, 'stale'))} of the reads at ${counted(arm.workers, 'worker')} still got the old name, the last one ` +
      `${inWords(last, 'seconds')} later${both}. A clear through one worker reached ${cleared} of ${arm.workers} caches.`
    );
  },

  headline: (arms) =>
    contrast(arms, [
      [
        'of the reads got the old name',
        (arm) => {
          const { reads, levelUntil } = stalenessOf(arm);
          return shareOf(readsBetween(reads, 0, levelUntil), 'stale');
        },
        'percent',
      ],
      ['until the last of them', (arm) => lastSecond(stalenessOf(arm).reads, 'stale'), 'seconds'],
    ]),

  // The fleet that shows most comes first: a report begins with it.
  exhibits: (arms) => [...arms.toReversed().map(courseOf), clearTable(arms)],
};

/** When the last read came of which something is so, in seconds since the update; 0: none did. */
function lastSecond(...[reads, what]: Parameters<typeof shareOf>): number {
  return Math.max(0, ...reads.flatMap((read) => (read[what] ? [read.seconds] : [])));
}
