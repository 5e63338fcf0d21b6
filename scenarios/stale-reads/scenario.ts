import { eachFleetAndBackend, refuseBackends } from '../kit/arms.ts';
import type { Lab, PhaseLab, Scenario } from '../kit/contract.ts';
import { conclude } from '../kit/finding.ts';
import { clearTable, course } from './exhibits.ts';
import { findings, sentence } from './judgement.ts';
import { ReadWatch } from './reads.ts';
import type { ClearReach } from './staleness.ts';

/** Everybody reads the page of one user, who is renamed meanwhile. */
const USER = { path: '/users/1', key: 0 };

/** The update comes after this share of the timeout, so that the old copies have some life left. */
const UPDATE_AFTER = 0.3;

/** Traffic goes on for so many timeouts, until every old copy has expired. */
const TIMEOUTS = 1.4;

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
