import { setTimeout as delay } from 'node:timers/promises';
import { slotsOf } from '../kit/arms.ts';
import type { Lab, PhaseLab } from '../kit/contract.ts';
import { pageOf } from '../kit/protocol.ts';
import { ReadWatch } from './reads.ts';
import type { Entries, Seen } from './staleness.ts';

/** Everybody reads the page of one user, who is renamed meanwhile. */
const PAGE = pageOf(0);
/** The update comes after this share of the timeout, so that the old copies have some life left. */
const UPDATE_AFTER = 0.3;
/** Traffic goes on for so many timeouts, until every old copy has expired. */
const TIMEOUTS = 1.4;

/** Readers on all workers and one update through one of them; then one clear through one of them. */
export async function measureReads(lab: Lab): Promise<Seen> {
  const watch = new ReadWatch();
  await lab.phase('one update', (phase) => updateUnderTraffic(lab, phase, watch));
  const clear = await lab.phase('one clear', (phase) => clearOne(lab, phase));
  return { reads: watch.reads, clear };
}

/**
 * The rename goes through worker 1, which drops its own copy: it knows of no other. It is timed in
 * seconds and not in responses, for copies age by the clock, however fast answers come.
 */
async function updateUnderTraffic(lab: Lab, phase: PhaseLab, watch: ReadWatch): Promise<void> {
  const { ratePerSecond, timeoutSeconds } = lab.plan;
  // Every worker gets its copy at the start.
  for (const slot of slotsOf(lab.plan)) watch.copied(await phase.ask(slot, PAGE));
  const rename = async () => {
    await delay(1_000 * UPDATE_AFTER * timeoutSeconds!);
    phase.event('renamed through worker 1', 1);
    watch.updated(await phase.ask(1, { ...PAGE, method: 'PUT', body: { name: 'Renamed' } }));
  };
  await Promise.all([
    rename(),
    phase.traffic({
      requests: Math.round(TIMEOUTS * ratePerSecond! * timeoutSeconds!),
      request: () => PAGE,
      onResponse: watch.see,
    }),
  ]);
}

async function clearOne(lab: Lab, phase: PhaseLab): Promise<Seen['clear']> {
  for (const slot of slotsOf(lab.plan)) await phase.ask(slot, PAGE);
  const before = await entriesBySlot(phase);
  await phase.clear(1);
  phase.event('cleared', 1);
  return { before, after: await entriesBySlot(phase) };
}

async function entriesBySlot(phase: PhaseLab): Promise<Entries> {
  return (await phase.holdings()).map(({ slot, keys }) => ({ slot, entries: keys?.length ?? 0 }));
}
