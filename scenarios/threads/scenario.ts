import { count, counted } from '../../reports/record/format.ts';
import { sum } from '../../reports/record/tally.ts';
import { planArm, planArms } from '../kit/arms.ts';
import type { Scenario, SeenArm } from '../kit/contract.ts';
import { bars, sideBySide, tableByArm } from '../kit/exhibits.ts';
import { missesOfPhase } from '../kit/finding.ts';
import { atLeast, everythingFits, NO_LIMITS, severalWorkers } from '../kit/options.ts';
import { byConstruction, exactly } from '../theory/estimate.ts';
import { measureUpdates, PAGES_SHARE, type Raised, type Seen } from './protocol.ts';

/** Ten thousand updates of one counter at once in one process; then the same in threads of one process. */
export const threads: Scenario<Seen> = {
  name: 'threads',
  question: 'Thread-safe: for which threads, and for which operations?',
  claims: ['C7', 'C8'],
  seconds: 4,
  // It counts misses; what each of them costs is another scenario's subject.
  originOrders: 5_000,
  defaults: { requests: 10_000, connections: 100 },
  quick: { workers: [2], requests: 1_000, connections: 40 },
  unused: {
    ...NO_LIMITS,
    launchers: 'one arm is a process and the other its threads; it starts both itself.',
    routing: 'it uses many open connections, the same for processes and threads.',
    ratePerSecond: 'the updates must come all at once.',
  },

  refuse: (options) => [
    severalWorkers(options, 'a single thread has no other to share with'),
    everythingFits(options),
    atLeast(
      options,
      'requests',
      options.connections / PAGES_SHARE,
      'a fifth of them request pages, fewer than there are connections',
    ),
  ],

  arms: (options) => [
    planArm(options, { name: '1 process', workers: 1, features: ['counters'] }),
    ...planArms(options, { launcher: 'threads', features: ['counters'] }).map((arm) => {
      return { ...arm, name: `${arm.workers} threads` };
    }),
  ],

  measure: measureUpdates,

  findings(arm) {
    const inTwoSteps = {
      claim: null,
      what: `${arm.name}: updates lost by reading and writing in two steps`,
      unit: 'updates',
      expected: null,
      measured: lost(arm.observations.twoSteps),
    };
    return [...(isThreads(arm) ? threadFindings(arm) : processFindings(arm)), inTwoSteps];
  },

  sentence(arms) {
    const one = arms.find((arm) => !isThreads(arm));
    if (!one) return null;
    const { oneStep, twoSteps } = one.observations;
    const left =
      lost(oneStep) === 0 ? 'exactly that count' : `${count(lost(oneStep))} of them lost`;
    const safe = `${counted(oneStep.updates, 'update')} at once by incr in one process left ${left}, where reading and writing in two steps lost ${count(lost(twoSteps))} of ${count(twoSteps.updates)}.`;
    const many = arms.findLast(isThreads);
    if (!many) return safe;
    const { updates } = many.observations.oneStep;
    const highest = highestCounter(many);
    return `${safe} ${counted(many.workers, 'thread')} of one process answered ${count(updates)} more, and the highest counter among them showed ${count(highest)}.`;
  },

  headline(arms) {
    const [one, many] = [arms.find((arm) => !isThreads(arm)), arms.findLast(isThreads)];
    if (!one || !many) return null;
    return sideBySide(one, many, [
      ['updates by incr', ({ observations }) => observations.oneStep.updates],
      ['the highest counter', highestCounter],
    ]);
  },

  exhibits: (arms) => [
    tableByArm(arms, ({ observations }) => observations.oneStep.threads, {
      id: 'counters',
      title: 'One counter, raised in one step',
      caption: 'Each worker shows its own counter, though the threads have one process number.',
      columns: [
        ['worker', ({ slot }) => slot, 'count'],
        // A name, not a quantity.
        ['process', ({ pid }) => String(pid)],
        ['updates that it answered', ({ updates }) => updates, 'count'],
        ['its counter', ({ counter }) => counter, 'count'],
      ],
    }),
    bars(arms, {
      id: 'lost',
      title: 'Updates lost',
      caption:
        'Of all updates, those that no counter shows. Safety is a matter of the step, not only of the cache.',
      y: { label: 'updates lost', format: 'percent' },
      series: [
        { name: 'incr: one step', of: ({ observations }) => shareLost(observations.oneStep) },
        {
          name: 'get, wait, set: two steps',
          of: ({ observations }) => shareLost(observations.twoSteps),
        },
      ],
    }),
  ],
};

const isThreads = ({ launcher }: SeenArm<Seen>) => launcher === 'threads';
const highestCounter = ({ observations }: SeenArm<Seen>) =>
  Math.max(0, ...observations.oneStep.threads.map(({ counter }) => counter));
const lost = ({ updates, threads }: Raised) => updates - sum(threads.map(({ counter }) => counter));
const shareLost = (raised: Raised) => (raised.updates === 0 ? null : lost(raised) / raised.updates);

function processFindings({ name, observations: { oneStep } }: SeenArm<Seen>) {
  const source = 'one thread runs at a time, and incr does not wait: nothing interrupts it';
  const all = byConstruction(oneStep.updates, source);
  return [
    {
      what: `${name}: the counter after ${counted(oneStep.updates, 'update')} at once by incr`,
      unit: 'updates',
      expected: all,
      measured: sum(oneStep.threads.map(({ counter }) => counter)),
    },
    {
      what: `${name}: answers that no other update got`,
      unit: 'answers',
      expected: all,
      measured: sum(oneStep.threads.map(({ differentAnswers }) => differentAnswers)),
    },
  ];
}

function threadFindings({ name, workers, phases, observations }: SeenArm<Seen>) {
  const { threads } = observations.oneStep;
  return [
    {
      claim: null,
      what: `${name}: processes they are in`,
      unit: 'processes',
      expected: exactly(1, 'threads belong to one process'),
      measured: new Set(threads.map(({ pid }) => pid)).size,
    },
    {
      claim: 'C8',
      what: `${name}: threads whose counter shows their own updates and no others`,
      unit: 'threads',
      expected: exactly(workers, 'each Node thread has its own memory'),
      measured: threads.filter(({ updates, counter }) => updates > 0 && counter === updates).length,
    },
    { ...missesOfPhase(phases[0]!, `${name}: misses of the users' pages`), claim: 'C8' },
  ];
}
