import { type Lab, type PhaseLab, planArm, type Scenario } from '../kit/contract.ts';
import { conclude } from '../kit/finding.ts';
import { course, table } from './exhibits.ts';
import { findings, sentence } from './judgement.ts';
import { type Restart, restartsOf } from './restarts.ts';
import { Watch } from './watch.ts';

/** Enough for each worker to meet nearly every key before it is restarted. */
const WARM_UP_PER_WORKER = 500;

/** How long traffic lasts around a restart; a slow one takes as many pieces as it needs. */
const SECONDS = { before: 0.5, piece: 0.25, after: 1.25 };
/** A client that a killed worker left without an answer gives up after this. */
const CLIENT_TIMEOUT_SECONDS = 2;

/** A warm fleet under steady traffic: a rolling reload, then a worker killed outright. */
export const restart: Scenario = {
  name: 'restart',
  question: 'What does a restart cost when the cache lives in the process?',
  claims: ['C9'],
  seconds: 12,
  defaults: { keys: 60, ratePerSecond: 300 },
  quick: { workers: [2], keys: 40 },
  unused: {
    requests: 'traffic lasts as long as the restart takes.',
    connections: 'connections are as many as the rate needs.',
    routing:
      'each request comes over a fresh connection; autocannon goes on writing on connections that the server has said it closes, and would lose requests by itself.',
    backends: 'it is about the cache in the memory of each worker.',
    rounds: 'the reload replaces every worker, which repeats it already.',
  },

  refuse({ workers, ratePerSecond, keys, maxEntries, timeoutSeconds, popularity }) {
    const cannot = 'cannot be used with --scenario restart';
    if (workers.includes(1))
      return `--workers 1 ${cannot}: it also kills a worker, and then there is nobody to answer; 2 or more.`;
    if (ratePerSecond === null) return `A closed loop ${cannot}: it shows time; give a --rate.`;
    if (ratePerSecond > 1_000)
      return `--rate ${ratePerSecond} ${cannot}: 1000 is what it can hold with fresh connections.`;
    if (keys > maxEntries)
      return `--keys ${keys} ${cannot} and --max-entries ${maxEntries}: entries would be evicted as well as lost.`;
    if (timeoutSeconds !== null && timeoutSeconds < 60)
      return `--timeout ${timeoutSeconds} ${cannot}: entries would expire as well as be lost; 60 is enough.`;
    if (popularity === 'cyclic')
      return `--popularity cyclic ${cannot}: it falls in step with the routing.`;
    return null;
  },

  arms(options) {
    return options.workers.map((workers) =>
      planArm(options, {
        name: `${workers} workers`,
        workers,
        routing: 'fresh',
      }),
    );
  },

  async measure(lab) {
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
    lab.observe('warm', warm.watched());
    lab.observe('restarts', [
      await restartUnderTraffic(lab, {
        name: 'rolling reload',
        seconds: 1,
        act: (phase) => phase.reload(),
      }),
      await restartUnderTraffic(lab, {
        name: 'worker killed',
        slot: workers,
        // Clients that wait in vain do so for a while, and traffic must not pause for them.
        seconds: CLIENT_TIMEOUT_SECONDS + 0.25,
        act: (phase) => phase.kill(workers),
      }),
    ]);
  },

  judge(arms) {
    return {
      verdict: conclude(sentence(arms), arms.flatMap(findings)),
      exhibits: arms.flatMap((arm) => [
        ...restartsOf(arm).map((one) => course(arm, one)),
        table(arm),
      ]),
    };
  },
};

/** Steady traffic before, during and after: it goes on until the fleet is complete again, and then some. */
async function restartUnderTraffic(
  lab: Lab,
  plan: {
    readonly name: string;
    readonly slot?: number;
    /** How long traffic goes on from the beginning of the restart, at least. */
    readonly seconds: number;
    act(phase: PhaseLab): Promise<void>;
  },
): Promise<Restart> {
  const watch = new Watch();
  const sum = { sent: 0, answered: 0 };
  let entriesBefore = 0;
  let tookMillis = 0;
  await lab.phase(plan.name, async (phase) => {
    const trafficFor = async (seconds: number) => {
      const { sent, answered } = await phase.traffic({
        requests: Math.ceil(seconds * lab.plan.ratePerSecond!),
        timeoutSeconds: CLIENT_TIMEOUT_SECONDS,
        onResponse: watch.see,
      });
      sum.sent += sent;
      sum.answered += answered;
    };
    for (const { keys } of await phase.holdings()) entriesBefore += keys?.length ?? 0;
    await trafficFor(SECONDS.before);
    const restarting = async () => {
      const started = performance.now();
      phase.event(plan.name, plan.slot);
      watch.mark(plan.name);
      await plan.act(phase);
      tookMillis = performance.now() - started;
      phase.event('replaced', plan.slot);
      watch.mark('replaced');
    };
    let busy = true;
    const restarted = restarting().finally(() => {
      busy = false;
    });
    const goOn = async () => {
      await trafficFor(plan.seconds);
      while (busy) await trafficFor(SECONDS.piece);
    };
    await Promise.all([restarted, goOn()]);
    await trafficFor(SECONDS.after);
  });
  const label = plan.slot === undefined ? 'a rolling reload' : 'the SIGKILL of one worker';
  return { phase: plan.name, label, ...sum, entriesBefore, tookMillis, watched: watch.watched() };
}
