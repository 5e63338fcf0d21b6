import { count, counted, percent } from '../../reports/record/format.ts';
import { sum } from '../../reports/record/tally.ts';
import { planArm } from '../kit/arms.ts';
import type { Lab, PhaseLab, Scenario, SeenArm } from '../kit/contract.ts';
import { finding } from '../kit/finding.ts';
import {
  aRateThatHolds,
  everythingFits,
  nothingExpires,
  randomKeys,
  refuseWhen,
  severalWorkers,
} from '../kit/refusals.ts';
import { localMemoryOnly, noRounds } from '../kit/unused.ts';
import { exactly } from '../theory/estimate.ts';
import { expectedMisses } from '../theory/of-arm.ts';
import { costs, courseOf } from './exhibits.ts';
import { FEWEST_LOOKUPS, hitRates, isNew, livesOf, type Restart, type Seen } from './restarts.ts';
import { BIN_MILLIS, Watch } from './watch.ts';

/** Enough for each worker to meet nearly every key before it is restarted. */
const WARM_UP_PER_WORKER = 500;
/** How long traffic lasts around a restart; a slow one takes as many pieces as it needs. */
const SECONDS = { before: 0.5, piece: 0.25, after: 1.25 };
/** A client that a killed worker left without an answer gives up after this. */
const CLIENT_TIMEOUT_SECONDS = 2;
/** A stretch of the curve has to hold enough lookups to say something about a rate. */
const LEAST_RATE = (2 * FEWEST_LOOKUPS * 1_000) / BIN_MILLIS;

/** A warm fleet under steady traffic: a rolling reload, then a worker killed outright. */
export const restart: Scenario<Seen> = {
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
    ...localMemoryOnly(),
    ...noRounds(),
  },

  refuse: (options) => [
    severalWorkers(options, 'it also kills a worker, and then there is nobody to answer'),
    aRateThatHolds(options),
    refuseWhen(
      options.ratePerSecond !== null && options.ratePerSecond < LEAST_RATE,
      'ratePerSecond',
      `fewer requests show no curve; use ${LEAST_RATE} or more`,
    ),
    everythingFits(options),
    nothingExpires(options, 60),
    randomKeys(options),
  ],

  arms: (options) =>
    options.workers.map((workers) => planArm(options, { workers, routing: 'fresh' })),

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
  },

  findings: (arm) => arm.observations.restarts.flatMap((one) => restartFindings(arm, one)),

  sentence(arms) {
    const arm = arms.at(-1)!;
    const [reload, kill] = arm.observations.restarts;
    if (!reload || !kill) return null;
    const rates = hitRates(reload).map(([, rate]) => rate);
    const worst = rates.length === 0 ? null : Math.min(...rates);
    return (
      `A rolling reload of ${counted(arm.workers, 'worker')} lost ${unanswered(reload) === 0 ? 'no request' : counted(unanswered(reload), 'request')} but all ` +
      `${count(reload.entriesBefore)} cached entries: the hit rate fell from ${percent(rates[0])} to ${percent(worst)}, and the database was asked ` +
      `${counted(missesIn(reload), 'time')} more. Killing one worker cost ${counted(missesIn(kill), 'query', 'queries')} and ${counted(unanswered(kill), 'request')} without an answer.`
    );
  },

  exhibits: (arms) =>
    arms.flatMap((arm) => [
      ...arm.observations.restarts.map((one) => courseOf(arm, one)),
      costs(arm),
    ]),
};

const missesIn = ({ watched }: Restart) => sum(watched.lives.map(({ misses }) => misses));
const unanswered = ({ sent, answered }: Restart) => sent - answered;

/** What one restart cost, held against what theory says. */
function restartFindings(arm: SeenArm<Seen>, one: Restart) {
  const where = `${one.phase}, with ${counted(arm.workers, 'worker')}`;
  const fresh = one.watched.lives.filter((life) => isNew(arm, one, life));
  return [
    finding({
      claim: 'C9',
      what: `entries that a new process knew without having loaded them, ${where}`,
      unit: 'entries',
      expected: exactly(0, 'the cache was the memory of the process that is gone'),
      measured: fresh.length === 0 ? null : sum(fresh.map(({ knownAtOnce }) => knownAtOnce)),
    }),
    finding({
      claim: 'C9',
      what: `misses, ${where}`,
      unit: 'misses',
      expected: expectedMisses(arm, livesOf(arm, one)),
      measured: missesIn(one),
    }),
    finding({
      claim: null,
      what: `requests without an answer, ${where}`,
      unit: 'requests',
      expected:
        one.phase === 'rolling reload'
          ? exactly(0, 'a worker leaves only when it has answered')
          : null,
      measured: unanswered(one),
    }),
  ];
}

/** Steady traffic before, during and after: it goes on until the fleet is complete again, and then some. */
async function restartUnderTraffic(
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
  const watch = new Watch();
  const traffic = { sent: 0, answered: 0 };
  let entriesBefore = 0;
  let tookMillis = 0;
  await lab.phase(plan.name, async (phase) => {
    const trafficFor = async (seconds: number) => {
      const { sent, answered } = await phase.traffic({
        requests: Math.ceil(seconds * lab.plan.ratePerSecond!),
        timeoutSeconds: CLIENT_TIMEOUT_SECONDS,
        onResponse: watch.see,
      });
      traffic.sent += sent;
      traffic.answered += answered;
    };
    const held = await phase.holdings();
    entriesBefore = sum(held.map(({ keys }) => keys?.length ?? 0));
    await trafficFor(SECONDS.before);
    let busy = true;
    const restarting = async () => {
      const started = performance.now();
      phase.event(plan.name, plan.slot);
      watch.mark(plan.name);
      await plan.act(phase);
      tookMillis = performance.now() - started;
      phase.event('replaced', plan.slot);
      watch.mark('replaced');
    };
    const goOn = async () => {
      await trafficFor(plan.seconds);
      while (busy) await trafficFor(SECONDS.piece);
    };
    const restarted = restarting().finally(() => {
      busy = false;
    });
    await Promise.all([restarted, goOn()]);
    await trafficFor(SECONDS.after);
  });
  const { name: phase, label } = plan;
  return { phase, label, ...traffic, entriesBefore, tookMillis, watched: watch.watched() };
}
