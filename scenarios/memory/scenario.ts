import { count, counted, inWords } from '../../reports/record/format.ts';
import { sum } from '../../reports/record/tally.ts';
import type { DocumentsWeight } from '../../server/protocol.ts';
import { eachFleet, slotsOf } from '../kit/arms.ts';
import type { PhaseLab, Scenario, SeenArm } from '../kit/contract.ts';
import { bars, contrast, tableByArm } from '../kit/exhibits.ts';
import {
  atLeast,
  everythingFits,
  noPopularity,
  noTraffic,
  nothingExpires,
  refuseWhen,
} from '../kit/options.ts';
import { pageOf } from '../kit/protocol.ts';
import { exactly, within } from '../theory/estimate.ts';

/** A heap grows by more than its content: entries around it, code compiled meanwhile. Measured: 0.3 MiB. */
const AROUND = { share: 0.05, bytesPerWorker: 512 * 1024 };
/** Answers after which a process hardly grows any more by answering. */
const WARM_UP = 10;

/** One worker before and after its caches were filled. */
interface Weighed {
  readonly slot: number;
  readonly before: DocumentsWeight;
  readonly after: DocumentsWeight;
}

type Seen = { readonly weighed: readonly Weighed[] };

/** The same content in one worker and in N: who holds it, and what it weighs. */
export const memory: Scenario<Seen> = {
  name: 'memory',
  question: 'How much memory does the same content take when N workers cache it?',
  claims: ['C2', 'C4'],
  seconds: 5,
  originOrders: 4_000,
  defaults: { keys: 100 },
  quick: { workers: [2], keys: 50 },
  unused: {
    ...noTraffic('each worker gets one request per key, over its own connection'),
    ...noPopularity('each worker gets one request per key'),
  },

  refuse: (options) => [
    everythingFits(options),
    atLeast(options, 'keys', 50, 'fewer documents do not stand out'),
    refuseWhen(options.keys > 1_000, 'keys', 'more than 1000 documents may fill the memory'),
    nothingExpires(options, 60),
  ],

  arms: (options) =>
    eachFleet(options, { routing: 'fresh', connections: 1, features: ['documents'] }),

  measure: (lab) =>
    lab.phase('filling', async (phase) => ({
      weighed: await Promise.all(
        slotsOf(lab.plan).map(async (slot): Promise<Weighed> => {
          const before = await weighWarm(phase, slot);
          for (let key = 0; key < lab.plan.keys; key++) {
            await phase.ask(slot, pageOf(key));
            await phase.ask(slot, { path: `/documents/${key + 1}` });
          }
          return { slot, before, after: await weigh(phase, slot) };
        }),
      ),
    })),

  findings(arm) {
    const { totals } = arm.phases[0]!;
    const inArm = `with ${counted(arm.workers, 'worker')}`;
    const content = sum(arm.observations.weighed.map(({ after }) => after.contentBytes));
    const around = content * AROUND.share + arm.workers * AROUND.bytesPerWorker;
    return [
      {
        claim: 'C4',
        what: `users' pages held in all workers together, ${inArm}`,
        unit: 'entries',
        expected: exactly(arm.workers * arm.workload.keys, 'each process holds its own copy'),
        measured: totals.entries,
      },
      {
        claim: 'C4',
        what: `duplication factor, ${inArm}`,
        unit: 'copies',
        expected: exactly(arm.workers, 'entries held ÷ distinct entries'),
        measured: totals.duplicationFactor,
      },
      {
        what: `growth of the heaps of all workers, ${inArm}`,
        unit: 'bytes',
        expected: within(
          content,
          {
            low: content - around,
            high: content + around,
            reason: '5 % and 0.5 MiB per worker either way, for memory that is not content',
          },
          'entries × bytes of each document, in the memory of each process',
        ),
        measured: heapGrowth(arm),
      },
      {
        claim: 'C4',
        what: `resident memory of all workers at the end, ${inArm}`,
        unit: 'bytes',
        expected: null,
        measured: residentBytes(arm),
      },
    ];
  },

  sentence(arms) {
    const [one, many] = [arms[0]!, arms.at(-1)!];
    const pages = count(one.workload.keys);
    const grown = (arm: SeenArm<Seen>) => inWords(heapGrowth(arm), 'bytes');
    if (one === many)
      return `One worker holds ${pages} documents in ${grown(one)} of its own memory; give --workers 4 to see it multiplied.`;
    const { entries, uniqueEntries } = many.phases[0]!.totals;
    return (
      `The same ${pages} documents take ${grown(one)} in one worker and ${grown(many)} in ${many.workers}: ` +
      `${inWords(entries, 'count')} entries for ${inWords(uniqueEntries, 'count')} distinct pages. ` +
      `Including the processes, the fleets take ${inWords(residentBytes(one), 'bytes')} and ${inWords(residentBytes(many), 'bytes')}.`
    );
  },

  headline: (arms) =>
    contrast(arms, [
      ['for the same pages', heapGrowth, 'bytes'],
      ['entries', ({ phases }) => phases[0]!.totals.entries],
      ['distinct pages', ({ phases }) => phases[0]!.totals.uniqueEntries],
    ]),

  exhibits: (arms) => [
    bars(arms, {
      id: 'memory-by-fleet',
      title: 'Memory for the same content',
      caption:
        'Every worker keeps its own copy. Resident memory also holds the program itself, once for each process.',
      y: { label: 'memory', format: 'bytes' },
      series: [
        {
          name: 'distinct content',
          role: 'expected',
          of: ({ observations }) => observations.weighed[0]!.after.contentBytes,
        },
        { name: 'growth of all heaps', of: heapGrowth },
        {
          name: 'growth of resident memory',
          of: (arm) => grownBy(arm, ({ rssBytes }) => rssBytes),
        },
      ],
    }),
    tableByArm(arms, ({ observations }) => observations.weighed, {
      id: 'memory-by-worker',
      title: 'Entries and memory of each worker',
      caption:
        'Measured by each worker, after garbage collection, before and after its cache was filled.',
      columns: [
        ['worker', ({ slot }) => slot, 'count'],
        ['documents', ({ after }) => after.entries, 'count'],
        ['content', ({ after }) => after.contentBytes, 'bytes'],
        ['heap before', ({ before }) => before.heapUsedBytes, 'bytes'],
        ['heap after', ({ after }) => after.heapUsedBytes, 'bytes'],
        ['resident after', ({ after }) => after.rssBytes, 'bytes'],
      ],
    }),
  ],
};

/**
 * The first answers of a process make it compile and allocate what serves all later ones: that is no
 * content, so it happens before the scale is read.
 */
async function weighWarm(phase: PhaseLab, slot: number): Promise<DocumentsWeight> {
  for (let i = 0; i < WARM_UP; i++) await weigh(phase, slot);
  return weigh(phase, slot);
}

async function weigh(phase: PhaseLab, slot: number): Promise<DocumentsWeight> {
  return (await phase.ask(slot, { path: '/documents' })).body as DocumentsWeight;
}

/** Bytes by which something of all workers grew together. */
function grownBy(arm: SeenArm<Seen>, of: (weight: DocumentsWeight) => number): number {
  return sum(arm.observations.weighed.map(({ before, after }) => of(after) - of(before)));
}

const heapGrowth = (arm: SeenArm<Seen>) => grownBy(arm, ({ heapUsedBytes }) => heapUsedBytes);
const residentBytes = (arm: SeenArm<Seen>) =>
  sum(arm.observations.weighed.map(({ after }) => after.rssBytes));
