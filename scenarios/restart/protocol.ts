import { slotsOf } from '../kit/arms.ts';
import type { Lab, PhaseLab } from '../kit/contract.ts';
import { pageName, pageOf } from '../kit/protocol.ts';
import { shareUnknown } from '../theory/catching-up.ts';
import { popularityShares } from '../theory/popularity.ts';
import type { Restart, Seen } from './restarts.ts';
import { CAUGHT_UP, Watch } from './watch.ts';

/** How long traffic lasts around a restart; a slow one takes as many pieces as it needs. */
const SECONDS = { before: 0.5, piece: 0.25, leastAfter: 1.25, mostAfter: 10 };
/** A client that a killed worker left without an answer gives up after this; else it is patient. */
const KILL_TIMEOUT_SECONDS = 2;

/**
 * Reloads all workers under traffic, and then kills the last of them. Before each, every worker is
 * given every page: what misses then is the restart's cost and nothing else.
 */
export async function measureRestarts(lab: Lab): Promise<Seen> {
  const { workers } = lab.plan;
  await warmUp(lab, 'warm up');
  const reload = await restartUnderTraffic(lab, {
    name: 'rolling reload',
    label: 'a rolling reload',
    seconds: 1,
    act: (phase) => phase.reload(),
  });
  await warmUp(lab, 'warm up again');
  const kill = await restartUnderTraffic(lab, {
    name: 'worker killed',
    label: 'the SIGKILL of one worker',
    slot: workers,
    // Clients that wait in vain do so for a while, and traffic must not pause for them.
    seconds: KILL_TIMEOUT_SECONDS + 0.25,
    timeoutSeconds: KILL_TIMEOUT_SECONDS,
    act: (phase) => phase.kill(workers),
  });
  return { restarts: [reload, kill] };
}

/** Asks each worker for the pages that it does not hold. */
async function warmUp(lab: Lab, name: string): Promise<void> {
  const pages = Array.from({ length: lab.plan.keys }, (_, key) => key);
  await lab.phase(name, async (phase) => {
    const held = await phase.holdings();
    await Promise.all(
      slotsOf(lab.plan).map(async (slot) => {
        const known = new Set(held.find((one) => one.slot === slot)?.keys);
        const lacking = pages.filter((key) => !known.has(`:1:${pageName(key)}`));
        for (const key of lacking) await phase.ask(slot, pageOf(key));
      }),
    );
  });
}

/** Traffic goes on for so long when all workers are there again: nearly all new ones catch up. */
function secondsAfter({ plan }: Lab): number {
  const shares = popularityShares(plan);
  let lookups = 1;
  // Half of what a process lacks when it has caught up: a margin for those that are slower.
  while (shareUnknown(shares, lookups) > (1 - CAUGHT_UP) / 2) lookups *= 1.1;
  const seconds = (lookups * plan.workers) / plan.ratePerSecond!;
  return Math.min(SECONDS.mostAfter, Math.max(SECONDS.leastAfter, seconds));
}

/** Steady traffic before, during and after: it goes on until the fleet is complete again, and then some. */
function restartUnderTraffic(
  lab: Lab,
  plan: {
    readonly name: string;
    readonly label: string;
    readonly slot?: number;
    /** How long traffic goes on from the beginning of the restart, at least. */
    readonly seconds: number;
    readonly timeoutSeconds?: number;
    act(phase: PhaseLab): Promise<void>;
  },
): Promise<Restart> {
  const { name, label, slot, timeoutSeconds } = plan;
  return lab.phase(name, async (phase) => {
    const watch = new Watch(popularityShares(lab.plan));
    const total = { sent: 0, answered: 0 };
    const trafficFor = async (seconds: number) => {
      const { sent, answered } = await phase.traffic({
        requests: Math.ceil(seconds * lab.plan.ratePerSecond!),
        timeoutSeconds,
        onResponse: watch.see,
      });
      total.sent += sent;
      total.answered += answered;
    };
    const held = await phase.holdings();
    const before = held.map(({ slot, pid, keys }) => ({ slot, pid, entries: keys?.length ?? 0 }));
    await trafficFor(SECONDS.before);
    let busy = true;
    const restart = async () => {
      const started = performance.now();
      phase.event(name, slot);
      watch.mark(name);
      await plan.act(phase);
      phase.event('replaced', slot);
      watch.mark('replaced');
      return performance.now() - started;
    };
    const goOn = async () => {
      await trafficFor(plan.seconds);
      while (busy) await trafficFor(SECONDS.piece);
    };
    const restarted = restart().finally(() => {
      busy = false;
    });
    const [tookMillis] = await Promise.all([restarted, goOn()]);
    await trafficFor(secondsAfter(lab));
    return { phase: name, label, ...total, before, tookMillis, watched: watch.watched() };
  });
}
