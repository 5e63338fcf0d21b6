import type { Arm, Exhibit, Finding } from '../../reports/record.ts';
import type { DocumentsWeight } from '../../server/routes/documents.ts';
import { type PhaseLab, planArm, type Scenario } from '../scenario.ts';
import { conclude, count, counted, exactly, finding } from '../verdict.ts';

/** A heap grows by more than its content: entries around it, code compiled meanwhile. Measured: 0.7 MiB. */
const HEAP_SHARE = 0.05;
const HEAP_BYTES_PER_WORKER = 512 * 1024;

/** One worker before and after its caches were filled. */
interface Weighed {
  readonly slot: number;
  readonly before: DocumentsWeight;
  readonly after: DocumentsWeight;
}

/** The same content in one worker and in N: who holds it, and what it weighs. */
export const memory: Scenario = {
  name: 'memory',
  question: 'How much memory does the same content take when N workers cache it?',
  claims: ['C2', 'C4'],
  seconds: 5,
  originOrders: 4_000,
  defaults: { keys: 100 },
  quick: { workers: [2], keys: 50 },
  unused: {
    requests: 'each worker is asked once for each key.',
    connections: 'each request comes over a connection of its own.',
    routing: 'each request goes to one worker on purpose.',
    ratePerSecond: 'it is about what is held, not how fast.',
    popularity: 'each worker is asked once for each key.',
    zipf: 'each worker is asked once for each key.',
    backends: 'it is about the cache in the memory of each worker.',
    rounds: 'nothing in it is left to chance.',
  },

  refuse({ keys, maxEntries, timeoutSeconds }) {
    const cannot = 'cannot be used with --scenario memory';
    if (keys > maxEntries)
      return `--keys ${keys} ${cannot} and --max-entries ${maxEntries}: not all would be held.`;
    if (keys < 50 || keys > 1_000)
      return `--keys ${keys} ${cannot}: fewer than 50 documents do not stand out, more than 1000 may fill this machine.`;
    if (timeoutSeconds !== null && timeoutSeconds < 60)
      return `--timeout ${timeoutSeconds} ${cannot}: entries could expire while others are stored; 60 is enough.`;
    return null;
  },

  arms(options) {
    return [...new Set([1, ...options.workers])]
      .sort((a, b) => a - b)
      .map((workers) =>
        planArm(options, {
          name: workers === 1 ? '1 worker' : `${workers} workers`,
          workers,
          routing: 'fresh',
          connections: 1,
          features: ['documents'],
        }),
      );
  },

  async measure(lab) {
    const slots = Array.from({ length: lab.plan.workers }, (_, index) => index + 1);
    await lab.phase('filling', async (phase) => {
      const weighed = slots.map(async (slot): Promise<Weighed> => {
        const before = await weigh(phase, slot);
        for (let key = 0; key < lab.plan.keys; key++) {
          await phase.ask(slot, { path: `/users/${key + 1}`, key });
          await phase.ask(slot, { path: `/documents/${key + 1}` });
        }
        return { slot, before, after: await weigh(phase, slot) };
      });
      lab.observe('weighed', await Promise.all(weighed));
    });
  },

  judge(arms) {
    return {
      verdict: conclude(sentence(arms), arms.flatMap(findings)),
      exhibits: arms.length === 0 ? [] : [bars(arms), table(arms)],
    };
  },
};

async function weigh(phase: PhaseLab, slot: number): Promise<DocumentsWeight> {
  return (await phase.ask(slot, { path: '/documents' })).body as DocumentsWeight;
}

function findings(arm: Arm): Finding[] {
  const totals = arm.phases[0]?.totals;
  const { keys } = arm.workload;
  const inArm = `with ${counted(arm.workers, 'worker')}`;
  const content = sum(weighedOf(arm).map(({ after }) => after.contentBytes));
  const around = content * HEAP_SHARE + arm.workers * HEAP_BYTES_PER_WORKER;
  return [
    finding({
      claim: 'C4',
      what: `users' pages held in all workers together, ${inArm}`,
      unit: 'entries',
      expected: exactly(arm.workers * keys, 'each process holds a copy of its own'),
      measured: totals?.entries ?? null,
    }),
    finding({
      claim: 'C4',
      what: `duplication factor, ${inArm}`,
      unit: 'copies',
      expected: exactly(arm.workers, 'entries in all workers by distinct entries'),
      measured: totals?.duplicationFactor ?? null,
    }),
    finding({
      claim: 'C2',
      what: `growth of the heaps of all workers, ${inArm}`,
      unit: 'MiB',
      expected: {
        value: mebibytes(content),
        low: mebibytes(content - around),
        high: mebibytes(content + around),
        interval: '5 % and 0.5 MiB per worker either way, for what is not content',
        source: 'entries × bytes of each document, in the memory of each process',
      },
      measured: weighedOf(arm).length === 0 ? null : mebibytes(heapGrowth(arm)),
    }),
    finding({
      claim: 'C4',
      what: `resident memory of all workers at the end, ${inArm}`,
      unit: 'MiB',
      expected: null,
      measured: mebibytes(residentBytes(arm)),
    }),
  ];
}

function sentence(arms: readonly Arm[]): string {
  const [one, many] = [arms[0], arms.at(-1)];
  if (!one || !many) return 'Nothing was measured.';
  const pages = count(one.workload.keys);
  const grown = (arm: Arm) => `${mebibytes(heapGrowth(arm)).toFixed(1)} MiB`;
  if (one === many)
    return `One worker holds ${pages} documents in ${grown(one)} of its own memory; give --workers 4 to see it multiplied.`;
  return (
    `The same ${pages} documents take ${grown(one)} in one worker and ${grown(many)} in ${many.workers}: ` +
    `${count(many.phases[0]?.totals.entries ?? 0)} entries for ${count(many.phases[0]?.totals.uniqueEntries ?? 0)} different pages. ` +
    `With the processes themselves the fleets take ${mebibytes(residentBytes(one)).toFixed(0)} and ${mebibytes(residentBytes(many)).toFixed(0)} MiB.`
  );
}

function bars(arms: readonly Arm[]): Exhibit {
  const values = (of: (arm: Arm) => number) =>
    arms.map((arm) => Number(mebibytes(of(arm)).toFixed(1)));
  return {
    kind: 'bars',
    id: 'memory-by-fleet',
    title: 'What the same content takes',
    caption:
      'Every worker keeps a copy of its own. Resident memory also holds the program itself, once for each process.',
    categories: arms.map(({ name }) => name),
    y: { label: 'memory', unit: 'MiB' },
    series: [
      {
        name: 'different content',
        role: 'expected',
        values: values((arm) => weighedOf(arm)[0]?.after.contentBytes ?? 0),
      },
      { name: 'growth of all heaps', role: 'measured', values: values(heapGrowth) },
      {
        name: 'growth of resident memory',
        role: 'measured',
        values: values((arm) =>
          sum(weighedOf(arm).map(({ before, after }) => after.rssBytes - before.rssBytes)),
        ),
      },
    ],
  };
}

function table(arms: readonly Arm[]): Exhibit {
  const shown = (bytes: number) => Number(mebibytes(bytes).toFixed(1));
  return {
    kind: 'table',
    id: 'memory-by-worker',
    title: 'Entries and memory of each worker',
    caption:
      'Measured by each worker itself, after collecting garbage, before and after it was filled.',
    columns: [
      'fleet',
      'worker',
      'documents',
      'content, MiB',
      'heap before, MiB',
      'heap after, MiB',
      'resident after, MiB',
    ],
    rows: arms.flatMap((arm) =>
      weighedOf(arm).map(({ slot, before, after }) => [
        arm.name,
        slot,
        after.entries,
        shown(after.contentBytes),
        shown(before.heapUsedBytes),
        shown(after.heapUsedBytes),
        shown(after.rssBytes),
      ]),
    ),
  };
}

const weighedOf = (arm: Arm) => (arm.observations.weighed ?? []) as Weighed[];
const heapGrowth = (arm: Arm) =>
  sum(weighedOf(arm).map(({ before, after }) => after.heapUsedBytes - before.heapUsedBytes));
const residentBytes = (arm: Arm) => sum(weighedOf(arm).map(({ after }) => after.rssBytes));
const mebibytes = (bytes: number) => bytes / 1024 ** 2;
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
