import { expectedMisses, type LifeTraffic } from '../../lab/analysis/expected-misses.ts';
import type { Arm, Exhibit, Finding } from '../../reports/record.ts';
import { type Lab, type PhaseLab, planArm, type Scenario } from '../scenario.ts';
import { conclude, count, counted, exactly, finding, percent } from '../verdict.ts';
import { Watch, type Watched } from './watch.ts';

/** Enough for each worker to meet nearly every key before it is restarted. */
const WARM_UP_PER_WORKER = 500;
/** A client that a killed worker left without an answer gives up after this. */
const CLIENT_TIMEOUT_SECONDS = 2;

/** What is seen of one way to restart. */
interface Restart {
  readonly phase: string;
  readonly label: string;
  readonly sent: number;
  readonly answered: number;
  /** Entries in all caches just before. */
  readonly entriesBefore: number;
  /** From the order to the last replacement's answer. */
  readonly tookMillis: number;
  readonly watched: Watched;
}

/** A warm fleet under steady traffic: a rolling reload, then a worker killed outright. */
export const restart: Scenario = {
  name: 'restart',
  question: 'What does a restart cost when the cache lives in the process?',
  claims: ['C9'],
  seconds: 11,
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
        // Each worker takes its time to start and to leave.
        seconds: 2 + 0.6 * workers,
        act: (phase) => phase.reload(),
      }),
      await restartUnderTraffic(lab, {
        name: 'worker killed',
        seconds: 3,
        slot: workers,
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

async function restartUnderTraffic(
  lab: Lab,
  plan: {
    readonly name: string;
    readonly seconds: number;
    readonly slot?: number;
    act(phase: PhaseLab): Promise<void>;
  },
): Promise<Restart> {
  const rate = lab.plan.ratePerSecond!;
  const watch = new Watch();
  let entriesBefore = 0;
  let tookMillis = 0;
  let result = { sent: 0, answered: 0 };
  await lab.phase(plan.name, async (phase) => {
    for (const { keys } of await phase.holdings()) entriesBefore += keys?.length ?? 0;
    result = await phase.traffic({
      requests: Math.round(rate * plan.seconds),
      timeoutSeconds: CLIENT_TIMEOUT_SECONDS,
      onResponse: watch.see,
      events: [
        {
          afterResponses: Math.round(rate / 2),
          label: plan.name,
          slot: plan.slot,
          act: async () => {
            const started = performance.now();
            watch.mark(plan.name);
            await plan.act(phase);
            tookMillis = performance.now() - started;
            phase.event('replaced', plan.slot);
            watch.mark('replaced');
          },
        },
      ],
    });
  });
  const label = plan.slot === undefined ? 'a rolling reload' : 'the SIGKILL of one worker';
  return {
    phase: plan.name,
    label,
    ...result,
    entriesBefore,
    tookMillis,
    watched: watch.watched(),
  };
}

function findings(arm: Arm): Finding[] {
  const inArm = `with ${counted(arm.workers, 'worker')}`;
  return restartsOf(arm).flatMap((one) => {
    const lives = livesOf(arm, one);
    const fresh = one.watched.lives.filter((life) => !lifeBefore(arm, one, life.pid));
    const found = [
      finding({
        claim: 'C9',
        what: `entries that a new process knew without having loaded them, ${one.phase}, ${inArm}`,
        unit: 'entries',
        expected: exactly(0, 'the cache was the memory of the process that is gone'),
        measured: fresh.length === 0 ? null : sum(fresh.map((life) => life.knownAtOnce)),
      }),
      finding(
        {
          claim: 'C9',
          what: `misses, ${one.phase}, ${inArm}`,
          unit: 'misses',
          expected: expectedMisses(arm, lives),
          measured: sum(one.watched.lives.map((life) => life.misses)),
        },
        1,
      ),
    ];
    if (one.phase !== 'rolling reload') return [...found, unanswered(one, inArm, null)];
    const none = exactly(0, 'a worker leaves only when it has answered');
    return [...found, unanswered(one, inArm, none)];
  });
}

function unanswered(one: Restart, inArm: string, expected: Finding['expected']): Finding {
  return finding({
    claim: null,
    what: `requests without an answer, ${one.phase}, ${inArm}`,
    unit: 'requests',
    expected,
    measured: one.sent - one.answered,
  });
}

function sentence(arms: readonly Arm[]): string {
  const arm = arms.at(-1);
  const [reload, kill] = arm ? restartsOf(arm) : [];
  if (!arm || !reload || !kill) return 'Nothing was measured.';
  const misses = (one: Restart) => count(sum(one.watched.lives.map((life) => life.misses)));
  const lost = (one: Restart) => one.sent - one.answered;
  const best = hitRates(reload)[0]?.[1];
  const worst = Math.min(...hitRates(reload).map(([, rate]) => rate));
  return (
    `A rolling reload of ${counted(arm.workers, 'worker')} lost ${lost(reload) === 0 ? 'no request' : counted(lost(reload), 'request')} but all ` +
    `${count(reload.entriesBefore)} cached entries: the hit rate fell from ${percent(best)} to ${percent(worst)}, and the database was asked ` +
    `${misses(reload)} times more. Killing one worker cost ${misses(kill)} queries and ${counted(lost(kill), 'request')} without an answer.`
  );
}

/** The hit rate second by second, with the moments of the restart. */
function course(arm: Arm, one: Restart): Exhibit {
  return {
    kind: 'lines',
    id: `restart-${one.phase.replaceAll(' ', '-')}-${arm.workers}-workers`,
    title: `Hit rate around ${one.label} (${arm.name})`,
    caption: `${count(arm.ratePerSecond ?? 0)} requests per second throughout. What a process had cached went with it, and its replacement reads everything again.`,
    x: { label: 'time', unit: 's' },
    y: { label: 'hit rate', unit: '%' },
    series: [
      {
        name: 'hit rate',
        role: 'measured',
        points: hitRates(one).map(([seconds, rate]) => [seconds, 100 * rate]),
      },
    ],
    events: one.watched.marks.map(({ atMillis, label }) => ({ x: atMillis / 1_000, label })),
  };
}

function table(arm: Arm): Exhibit {
  return {
    kind: 'table',
    id: `restart-cost-${arm.workers}-workers`,
    title: `What each restart cost (${arm.name})`,
    caption: 'Misses are counted from the restart to the end of its phase.',
    columns: [
      'restart',
      'entries held before',
      'processes replaced',
      'misses',
      'requests sent',
      'without an answer',
      'took, s',
    ],
    rows: restartsOf(arm).map((one) => [
      one.phase,
      one.entriesBefore,
      one.watched.lives.filter((life) => !lifeBefore(arm, one, life.pid)).length,
      sum(one.watched.lives.map((life) => life.misses)),
      one.sent,
      one.sent - one.answered,
      Number((one.tookMillis / 1_000).toFixed(1)),
    ]),
  };
}

/** Share of hits in each stretch, at the stretch's middle in seconds. */
function hitRates({ watched }: Restart): [number, number][] {
  const { binMillis, lookups, hits } = watched;
  return lookups.flatMap((asked, bin) =>
    asked === 0 ? [] : [[((bin + 0.5) * binMillis) / 1_000, hits[bin]! / asked]],
  );
}

/** Each process that answered in this restart's phase, with what it had been asked before. */
function livesOf(arm: Arm, one: Restart): LifeTraffic[] {
  return one.watched.lives.map(({ pid, requests }) => ({
    requests,
    before: lifeBefore(arm, one, pid),
  }));
}

/** Requests that a process answered in the phases before; 0 for one that did not exist yet. */
function lifeBefore(arm: Arm, one: Restart, pid: number): number {
  const restarts = restartsOf(arm);
  const at = restarts.findIndex(({ phase }) => phase === one.phase);
  const earlier = [warmOf(arm), ...restarts.slice(0, at).map(({ watched }) => watched)];
  return sum(
    earlier.flatMap(({ lives }) =>
      lives.filter((life) => life.pid === pid).map((life) => life.requests),
    ),
  );
}

const restartsOf = (arm: Arm) => (arm.observations.restarts ?? []) as Restart[];
const warmOf = (arm: Arm) => arm.observations.warm as Watched;
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
