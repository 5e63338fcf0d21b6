import type { Arm, Exhibit, Finding } from '../../reports/record/schema.ts';
import { count, exactly, finding } from '../kit/finding.ts';

/** One worker's counter, after the updates. */
export interface CountOfThread {
  readonly slot: number;
  readonly pid: number;
  /** Updates that this worker answered. */
  readonly updates: number;
  /** What its counter shows. */
  readonly counter: number;
  /** Different values among its answers: as many as updates when no two got the same. */
  readonly differentAnswers: number;
}

/** One counter raised many times at once. */
export interface Raised {
  readonly updates: number;
  readonly threads: readonly CountOfThread[];
}

interface Seen {
  /** By `incr`. */
  readonly oneStep: Raised;
  /** By `get`, a wait, and `set`. */
  readonly twoSteps: Raised;
}

/** What theory says of one arm, and what came of it. */
export function findingsOf(arm: Arm): Finding[] {
  const { oneStep, twoSteps } = seenIn(arm);
  return [
    ...(isThreads(arm) ? threadFindings(arm, oneStep) : processFindings(arm, oneStep)),
    finding({
      claim: null,
      what: `${arm.name}: updates lost by reading and writing in two steps`,
      unit: 'updates',
      expected: null,
      measured: lost(twoSteps),
    }),
  ];
}

function processFindings({ name }: Arm, oneStep: Raised): Finding[] {
  return [
    finding({
      claim: 'C7',
      what: `${name}: the counter after ${count(oneStep.updates)} updates at once by incr`,
      unit: 'updates',
      expected: exactly(oneStep.updates, 'incr is one step: nobody comes between'),
      measured: sum(oneStep.threads.map((thread) => thread.counter)),
    }),
    finding({
      claim: 'C7',
      what: `${name}: answers that no other update got`,
      unit: 'answers',
      expected: exactly(oneStep.updates, 'incr is one step: nobody comes between'),
      measured: sum(oneStep.threads.map((thread) => thread.differentAnswers)),
    }),
  ];
}

function threadFindings(arm: Arm, oneStep: Raised): Finding[] {
  const { name, workers, phases } = arm;
  const { misses } = phases[0]?.totals ?? { misses: { cold: 0, expired: 0, evicted: 0 } };
  return [
    finding({
      claim: null,
      what: `${name}: processes that they are in`,
      unit: 'processes',
      expected: exactly(1, 'threads belong to one process'),
      measured: new Set(oneStep.threads.map((thread) => thread.pid)).size,
    }),
    finding({
      claim: 'C8',
      what: `${name}: threads whose counter shows their own updates and no others`,
      unit: 'threads',
      expected: exactly(workers, 'each thread of Node has a memory of its own'),
      measured: oneStep.threads.filter(
        (thread) => thread.updates > 0 && thread.counter === thread.updates,
      ).length,
    }),
    finding({
      claim: 'C8',
      what: `${name}: misses of the users' pages`,
      unit: 'misses',
      expected: phases[0]?.expected?.misses ?? null,
      measured: misses.cold + misses.expired + misses.evicted,
    }),
  ];
}

const isThreads = ({ launcher }: Arm) => launcher === 'threads';
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const lost = ({ updates, threads }: Raised) =>
  updates - sum(threads.map((thread) => thread.counter));

export function sentence(arms: readonly Arm[]): string {
  const one = arms.find((arm) => !isThreads(arm));
  if (!one) return 'Nothing was measured.';
  const { oneStep, twoSteps } = seenIn(one);
  const safe = `${count(oneStep.updates)} updates at once by incr in one process left ${
    lost(oneStep) === 0 ? 'exactly that count' : `${count(lost(oneStep))} of them lost`
  }, where reading and writing in two steps lost ${count(lost(twoSteps))} of ${count(twoSteps.updates)}.`;
  const many = arms.findLast(isThreads);
  if (!many) return safe;
  const counters = seenIn(many).oneStep.threads.map((thread) => thread.counter);
  return `${safe} ${many.workers} threads of one process answered ${count(seenIn(many).oneStep.updates)} more, and the highest counter among them showed ${count(Math.max(0, ...counters))}.`;
}

export function exhibits(arms: readonly Arm[]): Exhibit[] {
  if (arms.length === 0) return [];
  return [
    {
      kind: 'table',
      id: 'counters',
      title: 'One counter, raised in one step',
      caption:
        'Each worker shows a counter of its own, though the threads have one process number.',
      columns: ['arm', 'worker', 'process', 'updates that it answered', 'its counter'],
      rows: arms.flatMap((arm) =>
        seenIn(arm).oneStep.threads.map((thread) => [
          arm.name,
          thread.slot,
          // A name, not a quantity.
          String(thread.pid),
          thread.updates,
          thread.counter,
        ]),
      ),
    },
    {
      kind: 'bars',
      id: 'lost',
      title: 'Updates lost',
      caption:
        'Of all updates, those that a counter does not show. Being safe is a matter of the step, not only of the cache.',
      categories: arms.map((arm) => arm.name),
      y: { label: 'updates lost', unit: '%' },
      series: [
        {
          name: 'incr: one step',
          role: 'measured',
          values: arms.map((arm) => shareLost(seenIn(arm).oneStep)),
        },
        {
          name: 'get, wait, set: two steps',
          role: 'measured',
          values: arms.map((arm) => shareLost(seenIn(arm).twoSteps)),
        },
      ],
    },
  ];
}

const shareLost = (raised: Raised) =>
  raised.updates === 0 ? null : Number(((100 * lost(raised)) / raised.updates).toFixed(1));

function seenIn({ observations }: Arm): Seen {
  const { oneStep, twoSteps } = observations as unknown as Partial<Seen>;
  const nothing: Raised = { updates: 0, threads: [] };
  return { oneStep: oneStep ?? nothing, twoSteps: twoSteps ?? nothing };
}
