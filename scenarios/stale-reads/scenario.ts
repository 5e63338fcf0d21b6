import { shareEstimate } from '../../lab/analysis/fragmentation.ts';
import type { Arm, Exhibit, Finding } from '../../reports/record.ts';
import {
  cachesOf,
  eachFleetAndBackend,
  isCured,
  mostTelling,
  refuseBackends,
} from '../backends.ts';
import type { Lab, PhaseLab, Scenario } from '../scenario.ts';
import { conclude, count, counted, exactly, finding, percent } from '../verdict.ts';
import { type Reads, ReadWatch } from './reads.ts';

/** Everybody reads the page of one user, who is renamed meanwhile. */
const USER = { path: '/users/1', key: 0 };
/** The update comes after this share of the timeout, so that the old copies have some life left. */
const UPDATE_AFTER = 0.3;
/** Traffic goes on for so many timeouts, until every old copy has expired. */
const TIMEOUTS = 1.4;
const BIN_SECONDS = 0.1;

/** What a clear on worker 1 reached. */
interface ClearReach {
  readonly before: { readonly slot: number; readonly entries: number }[];
  readonly after: { readonly slot: number; readonly entries: number }[];
}

/** Readers on all workers, one update through one of them; then one clear through one of them. */
export const staleReads: Scenario = {
  name: 'stale-reads',
  question:
    'A user is renamed through one worker. What do readers at the others see, and how long?',
  claims: ['C17'],
  seconds: 9,
  defaults: { ratePerSecond: 200, timeoutSeconds: 2 },
  quick: { workers: [2], timeoutSeconds: 1 },
  unused: {
    requests: 'traffic lasts until every old copy has expired.',
    connections: 'connections are as many as the rate needs.',
    routing: 'each request comes over a fresh connection, so that readers meet all workers.',
    popularity: 'everybody reads the same user.',
    zipf: 'everybody reads the same user.',
    rounds: 'each read is a repetition already.',
  },

  refuse({ ratePerSecond, timeoutSeconds, maxEntries, backends }) {
    const cannot = 'cannot be used with --scenario stale-reads';
    if (ratePerSecond === null || ratePerSecond > 1_000)
      return `--rate ${ratePerSecond ?? 'without limit'} ${cannot}: 1000 is what it can hold with fresh connections.`;
    if (timeoutSeconds === null || timeoutSeconds > 5 || timeoutSeconds < 0.5)
      return `--timeout ${timeoutSeconds ?? 'never'} ${cannot}: it waits for old copies to expire; use 0.5 to 5.`;
    if (ratePerSecond * timeoutSeconds < 100)
      return `--rate ${ratePerSecond} ${cannot} and --timeout ${timeoutSeconds}: fewer than 100 reads in one timeout say little.`;
    if (maxEntries < 10)
      return `--max-entries ${maxEntries} ${cannot}: the entry that is read would be evicted; 10 is enough.`;
    return refuseBackends(backends, {
      memcached:
        'its entries live up to two seconds longer than asked, which is as long as this run.',
    });
  },

  arms(options) {
    return eachFleetAndBackend(options, { routing: 'fresh' });
  },

  async measure(lab) {
    const watch = new ReadWatch();
    await lab.phase('one update', (phase) => updateUnderTraffic(lab, phase, watch));
    lab.observe('reads', watch.reads());
    await lab.phase('one clear', async (phase) => lab.observe('clear', await clearOne(lab, phase)));
  },

  judge(arms) {
    return {
      verdict: conclude(sentence(arms), arms.flatMap(findings)),
      exhibits: [...arms.map(course), clearTable(arms)],
    };
  },
};

/** The rename goes through worker 1, which drops its own copy: it knows of no other. */
async function updateUnderTraffic(lab: Lab, phase: PhaseLab, watch: ReadWatch): Promise<void> {
  const rate = lab.plan.ratePerSecond!;
  const perTimeout = rate * lab.plan.timeoutSeconds!;
  // Every worker gets its copy at the start.
  for (let slot = 1; slot <= lab.plan.workers; slot++) watch.copied(await phase.ask(slot, USER));
  await phase.traffic({
    requests: Math.round(TIMEOUTS * perTimeout),
    request: () => USER,
    onResponse: watch.see,
    events: [
      {
        afterResponses: Math.round(UPDATE_AFTER * perTimeout),
        label: 'renamed through worker 1',
        slot: 1,
        act: async () => {
          const body = { name: 'Renamed' };
          watch.updated(await phase.ask(1, { ...USER, method: 'PUT', body }));
        },
      },
    ],
  });
}

async function clearOne(lab: Lab, phase: PhaseLab): Promise<ClearReach> {
  for (let slot = 1; slot <= lab.plan.workers; slot++) await phase.ask(slot, USER);
  const before = await entriesBySlot(phase);
  await phase.clear(1);
  phase.event('cleared', 1);
  return { before, after: await entriesBySlot(phase) };
}

async function entriesBySlot(phase: PhaseLab) {
  return (await phase.holdings()).map(({ slot, keys }) => ({ slot, entries: keys?.length ?? 0 }));
}

function findings(arm: Arm): Finding[] {
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

function sentence(arms: readonly Arm[]): string {
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

/**
 * From when on an update is to be seen, in seconds after its worker told the cache. In the same
 * process that is at once; in a service it takes a round trip, and near copies wait for a message.
 */
function toldAfter(arm: Arm): number {
  return arm.backend === 'locmem' ? 0 : 0.25;
}

/** Share of stale reads over time: measured in stretches, and what theory draws. */
function course(arm: Arm): Exhibit {
  const reads = readsOf(arm);
  const bins = Map.groupBy(timedReads(reads), ({ seconds }) => Math.floor(seconds / BIN_SECONDS));
  const measured = [...bins.keys()]
    .sort((a, b) => a - b)
    .map((bin): [number, number] => {
      const group = bins.get(bin)!;
      const old = group.filter(({ stale }) => stale).length;
      return [(bin + 0.5) * BIN_SECONDS, (100 * old) / group.length];
    });
  const level = (100 * expiries(arm, reads).length) / arm.workers;
  const from = measured[0]?.[0] ?? 0;
  const to = measured.at(-1)?.[0] ?? 0;
  const end = lastExpiry(arm, reads);
  return {
    kind: 'lines',
    id: `stale-reads-${arm.name.replaceAll(/\W+/g, '-')}`,
    title: `Reads that got the old name (${arm.name})`,
    caption:
      'The update goes to worker 1, which drops its own copy. The other workers are not told: they serve the old name until their copies expire.',
    x: { label: 'time since the update', unit: 's' },
    y: { label: 'share of reads with the old name', unit: '%' },
    series: [
      { name: 'measured', role: 'measured', points: measured },
      {
        name: 'expected: (N − 1)/N until the copies expire',
        role: 'expected',
        points: [
          [from, 0],
          [0, 0],
          [0, level],
          [end, level],
          [end, 0],
          [Math.max(end, to), 0],
        ],
      },
    ],
    events: [
      { x: 0, label: 'renamed through worker 1' },
      ...(end > 0 ? [{ x: end, label: 'last old copy expires' }] : []),
    ],
  };
}

function clearTable(arms: readonly Arm[]): Exhibit {
  return {
    kind: 'table',
    id: 'clear-reach',
    title: 'Which caches a clear through worker 1 reached',
    caption: 'Entries in each worker before and after, told by its control socket.',
    columns: ['fleet', 'worker', 'entries before', 'entries after'],
    rows: arms.flatMap((arm) => {
      const { before, after } = arm.observations.clear as ClearReach;
      return before.map(({ slot, entries }) => [
        arm.name,
        slot,
        entries,
        after.find((one) => one.slot === slot)?.entries ?? null,
      ]);
    }),
  };
}

/** One read in the time since the update. */
interface TimedRead {
  readonly seconds: number;
  readonly stale: boolean;
  readonly version: number;
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

const readsBetween = (reads: Reads, from: number, to: number): TimedRead[] =>
  timedReads(reads).filter(({ seconds }) => seconds > from && seconds <= to);

/** Ages at which the old name was still read, in seconds since the update. */
const staleTimes = (reads: Reads): number[] =>
  timedReads(reads).flatMap(({ seconds, stale }) => (stale ? [seconds] : []));

/** Until the first old copy expires, all of them are alive: the share of stale reads is level. */
function windowEnd(arm: Arm, reads: Reads): number {
  const ends = expiries(arm, reads);
  return ends.length === 0 ? (arm.cache.timeoutSeconds ?? 0) : Math.min(...ends);
}

function lastExpiry(arm: Arm, reads: Reads): number {
  return Math.max(0, ...expiries(arm, reads));
}

/**
 * When the copies that workers held at the update expire, in seconds since then. The worker that
 * was told holds none any more. On a slow machine copies may have been made anew before the update,
 * or one may just have expired.
 */
function expiries(arm: Arm, { copies, update }: Reads): number[] {
  if (!update || arm.backend !== 'locmem') return [];
  const timeout = arm.cache.timeoutSeconds ?? Number.POSITIVE_INFINITY;
  const last = new Map<number, number>();
  for (const { slot, atSeconds } of copies) {
    if (slot === update.slot || atSeconds > update.atSeconds) continue;
    last.set(slot, Math.max(atSeconds, last.get(slot) ?? 0));
  }
  return [...last.values()].map((at) => at + timeout - update.atSeconds).filter((end) => end > 0);
}

function versionsAfter(arm: Arm, reads: Reads): number {
  const after = timedReads(reads).filter(({ seconds }) => seconds > toldAfter(arm));
  return new Set(after.map(({ version }) => version)).size;
}

const readsOf = (arm: Arm) => arm.observations.reads as Reads;
