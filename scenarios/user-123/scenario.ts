import type { Arm, Exhibit, Finding, Outcome } from '../../reports/record/schema.ts';
import { planArm, type Scenario } from '../kit/contract.ts';
import { conclude, count, counted, exactly, finding } from '../kit/finding.ts';

/** The user of the articles; the workload counts its keys from 0. */
const USER = { path: '/users/123', key: 122, cacheKey: ':1:user_123' };
const ROUNDS = 3;

/** What one request brought, and who held the entry after it. */
interface Step {
  readonly slot: number;
  readonly outcome: Outcome;
  readonly latencyMicros: number;
  /** Slots, ascending. */
  readonly holders: number[];
}

/** The articles' own example: each worker in turn is asked for the same user. */
export const user123: Scenario = {
  name: 'user-123',
  question: 'Worker 1 has cached user_123. Does worker 2 know it?',
  claims: ['C6', 'C14'],
  seconds: 2,
  quick: { workers: [3] },
  unused: {
    requests: `each worker is asked ${ROUNDS} times, one request after the other.`,
    connections: 'each request comes over a connection of its own.',
    routing: 'each request goes to one worker on purpose.',
    ratePerSecond: 'the next request waits for the answer to the last.',
    popularity: 'only one key is asked for.',
    zipf: 'only one key is asked for.',
    backends: 'it is about the cache in the memory of each worker.',
    rounds: 'nothing in it is left to chance.',
  },

  refuse({ workers, keys, timeoutSeconds }) {
    if (workers.includes(1))
      return '--workers 1 cannot be used with --scenario user-123: it takes 2 or more to disagree.';
    if (keys <= USER.key)
      return `--keys ${keys} cannot be used with --scenario user-123: there would be no user 123.`;
    if (timeoutSeconds !== null && timeoutSeconds < 10)
      return `--timeout ${timeoutSeconds} cannot be used with --scenario user-123: entries would expire between the questions; 10 is enough.`;
    return null;
  },

  arms(options) {
    return options.workers.map((workers) =>
      planArm(options, { name: `${workers} workers`, workers, routing: 'fresh', connections: 1 }),
    );
  },

  async measure(lab) {
    const steps: Step[] = [];
    await lab.phase('each worker in turn', async (phase) => {
      for (let round = 1; round <= ROUNDS; round++) {
        for (let slot = 1; slot <= lab.plan.workers; slot++) {
          const { outcome, latencyMicros } = await phase.ask(slot, USER);
          const holders = (await phase.holdings())
            .filter(({ keys }) => keys?.includes(USER.cacheKey))
            .map((worker) => worker.slot);
          steps.push({ slot, outcome, latencyMicros, holders });
        }
      }
    });
    lab.observe('steps', steps);
  },

  judge(arms) {
    return {
      verdict: conclude(sentence(arms), arms.flatMap(findings)),
      exhibits: arms.map(strip),
    };
  },
};

function findings(arm: Arm): Finding[] {
  const steps = stepsOf(arm);
  const first = steps.slice(0, arm.workers);
  const later = steps.slice(arm.workers);
  const source = 'each process has a dictionary of its own: one first time for each worker';
  const inArm = `with ${arm.workers} workers`;
  return [
    finding({
      claim: 'C6',
      what: `workers whose first answer for user_123 was a miss, ${inArm}`,
      unit: 'workers',
      expected: exactly(arm.workers, source),
      measured: first.filter(isMiss).length,
    }),
    finding({
      claim: 'C6',
      what: `first questions after which exactly one worker more held user_123, ${inArm}`,
      unit: 'questions',
      expected: exactly(arm.workers, source),
      measured: first.filter(({ holders }, index) => holders.length === index + 1).length,
    }),
    finding({
      claim: 'C14',
      what: `hits among the later questions, ${inArm}`,
      unit: 'hits',
      expected: exactly(later.length, 'what a worker has loaded once it knows'),
      measured: later.filter(({ outcome }) => outcome === 'hit').length,
    }),
    finding({
      claim: 'C14',
      what: `reads of user 123 from the database, ${inArm}`,
      unit: 'queries',
      expected: exactly(arm.workers, source),
      measured: arm.phases[0]?.totals.originQueries ?? null,
    }),
  ];
}

function sentence(arms: readonly Arm[]): string {
  const arm = arms.at(-1);
  if (!arm) return 'Nothing was measured.';
  const steps = stepsOf(arm);
  const missed = steps.filter(isMiss).length;
  const second = steps[1]!;
  return (
    `After worker 1 had cached user_123, worker 2 was asked and ${isMiss(second) ? 'did not know it' : 'knew it'}. ` +
    `Of ${count(steps.length)} questions to ${counted(arm.workers, 'worker')}, ${count(missed)} went to the database ` +
    `and ${count(steps.length - missed)} were answered from a cache; at the end ${counted(steps.at(-1)!.holders.length, 'worker holds', 'workers hold')} the same entry.`
  );
}

/** Who answered and what it knew, and what the others held at that moment. */
function strip(arm: Arm): Exhibit {
  const steps = stepsOf(arm);
  const rows = Array.from({ length: arm.workers }, (_, index) => {
    const slot = index + 1;
    return { label: `worker ${slot}`, cells: steps.map((step, at) => cell(step, slot, at)) };
  });
  return {
    kind: 'strip',
    id: `user-123-${arm.workers}-workers`,
    title: `Who knew user_123, question by question (${arm.name})`,
    caption:
      'Each column is one question to one worker. The first question to each worker goes to the database, whatever the others hold.',
    rows,
    step: 'question',
    legend: {
      good: 'asked, and knew it',
      bad: 'asked, and had to read it from the database',
      neutral: 'not asked, holds it',
      empty: 'not asked, does not hold it',
    },
  };
}

function cell(step: Step, slot: number, at: number) {
  const asked = step.slot === slot;
  const holds = step.holders.includes(slot);
  const millis = (step.latencyMicros / 1_000).toFixed(1);
  if (asked && isMiss(step))
    return {
      state: 'bad' as const,
      text: 'miss',
      detail: `question ${at + 1}: worker ${slot} did not know it, ${millis} ms`,
    };
  if (asked)
    return {
      state: 'good' as const,
      text: 'hit',
      detail: `question ${at + 1}: worker ${slot} knew it, ${millis} ms`,
    };
  return {
    state: holds ? ('neutral' as const) : ('empty' as const),
    text: '',
    detail: `after question ${at + 1} worker ${slot} ${holds ? 'holds' : 'does not hold'} it`,
  };
}

const stepsOf = (arm: Arm) => (arm.observations.steps ?? []) as Step[];
const isMiss = ({ outcome }: Step) => outcome !== 'hit';
