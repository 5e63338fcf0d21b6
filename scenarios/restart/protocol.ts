import { sum } from '../../reports/record/tally.ts';
import type { Lab, PhaseLab } from '../kit/contract.ts';
import type { Restart, Seen } from './restarts.ts';
import { Watch } from './watch.ts';

/** Enough for each worker to meet nearly every key before it is restarted. */
const WARM_UP_PER_WORKER = 500;
/** How long traffic lasts around a restart; a slow one takes as many pieces as it needs. */
const SECONDS = { before: 0.5, piece: 0.25, after: 1.25 };
/** A client that a killed worker left without an answer gives up after this. */
const CLIENT_TIMEOUT_SECONDS = 2;

/** Warms the caches up, reloads all workers under traffic, and then kills the last of them. */
export async function measureRestarts(lab: Lab): Promise<Seen> {
  const { workers } = lab.plan;
  const warm = new Watch();
  await lab.phase('warm up', (phase) =>
    phase.traffic({
      requests: WARM_UP_PER_WORKER * workers,
      routing: 'keep-alive',
      ratePerSecond: null,
      onResponse: warm.see,
    }),
  );
  const reload = await restartUnderTraffic(lab, {
    name: 'rolling reload',
    label: 'a rolling reload',
    seconds: 1,
    act: (phase) => phase.reload(),
  });
  const kill = await restartUnderTraffic(lab, {
    name: 'worker killed',
    label: 'the SIGKILL of one worker',
    slot: workers,
    // Clients that wait in vain do so for a while, and traffic must not pause for them.
    seconds: CLIENT_TIMEOUT_SECONDS + 0.25,
    act: (phase) => phase.kill(workers),
  });
  return { warm: warm.watched(), restarts: [reload, kill] };
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
    act(phase: PhaseLab): Promise<void>;
  },
): Promise<Restart> {
  const { name, label, slot } = plan;
  return lab.phase(name, async (phase) => {
    const watch = new Watch();
    const total = { sent: 0, answered: 0 };
    const trafficFor = async (seconds: number) => {
      const { sent, answered } = await phase.traffic({
        requests: Math.ceil(seconds * lab.plan.ratePerSecond!),
        timeoutSeconds: CLIENT_TIMEOUT_SECONDS,
        onResponse: watch.see,
      });
      total.sent += sent;
      total.answered += answered;
    };
    const held = await phase.holdings();
    const entriesBefore = sum(held.map(({ keys }) => keys?.length ?? 0));
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
    await trafficFor(SECONDS.after);
    return { phase: name, label, ...total, entriesBefore, tookMillis, watched: watch.watched() };
  });
}
