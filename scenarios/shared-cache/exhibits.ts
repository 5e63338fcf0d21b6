import { count, inWords } from '../../reports/record/format.ts';
import type { Exhibit } from '../../reports/record/schema.ts';
import type { ColumnOf } from '../../reports/record/table.ts';
import { missesOf } from '../../reports/record/tally.ts';
import type { ServiceMemory } from '../kit/contract.ts';
import { bars, table } from '../kit/exhibits.ts';
import { type Measured, type Observed, writesFile } from './observed.ts';
import { SERIES, TIMES_AGAIN } from './protocol.ts';

/** The articles' table, and its two rows of figures as charts. */
export function exhibits(arms: readonly Measured[]): Exhibit[] {
  return [
    table(QUESTIONS, {
      id: 'backends',
      title: 'Local memory and shared caches, question by question',
      caption:
        'Each cell was measured in this run: the same requests and number of workers, another place for the entries. “With a file” is Redis writing down each change.',
      columns: [
        ['', ([question]) => question],
        ...arms.map((arm): ColumnOf<Question> => [arm.name, ([, answer]) => answer(arm)]),
      ],
    }),
    bars(arms, {
      id: 'waiting',
      title: 'How long a hit waits',
      caption:
        'Measured in the worker, one request at a time; each bar is a median. Local memory is right there, a service is a round trip away, and a near cache saves that trip when it holds the page.',
      y: { label: 'median wait', format: 'micros' },
      series: [{ name: 'lookup that hits', of: ({ observations }) => observations.get.p50Micros }],
    }),
  ];
}

const AS_WITHOUT_FILE = 'as without file';
const NOT_OURS = "not tried: not the lab's own";

/** What is asked, and what an arm answers. */
type Question = readonly [question: string, answer: (arm: Measured) => string];

const QUESTIONS: readonly Question[] = [
  ['Needs a service? Started in', ({ observations }) => serviceAnswer(observations)],
  [
    `Memory for ${SERIES} pages, as the service counts it`,
    (arm) => memoryAnswer(arm, ({ entriesBytes }) => entriesBytes),
  ],
  [
    'Memory of the whole service, as the system counts it',
    (arm) => memoryAnswer(arm, ({ residentBytes }) => residentBytes),
  ],
  [
    'Shared? Workers that found a page that one had loaded',
    ({ observations: { sharing } }) => yesNo(sharing.knew, sharing.workers),
  ],
  [
    'Misses of a cold start',
    ({ phases: [start] }) =>
      `${count(missesOf(start!.totals))} of ${count(start!.totals.requests)}`,
  ],
  [
    'Survives new workers? Hits after all were replaced',
    ({ observations: { workersReplaced: one } }) =>
      one ? yesNo(one.hits, one.lookups) : AS_WITHOUT_FILE,
  ],
  [
    'Survives a restart of the service? Pages kept',
    ({ observations: { service, serviceRestarted: one } }) => {
      if (one) return yesNo(one.kept, one.pages);
      return service ? NOT_OURS : 'there is none';
    },
  ],
  ['A lookup that hits: median, 99 %', ({ observations }) => durations(observations.get)],
  [
    `The same: medians of ${TIMES_AGAIN} series`,
    ({ observations: { get } }) => {
      const { mediansMicros: all } = get;
      if (all.length === 0) return '–';
      return `${inWords(Math.min(...all), 'micros')} to ${inWords(Math.max(...all), 'micros')}`;
    },
  ],
  ['Storing a page: median, 99 %', ({ observations }) => durations(observations.set)],
  [
    'Stale after an update? Reads at other workers',
    ({ observations }) => staleAnswer(observations),
  ],
  [
    'Service killed: pages that failed',
    (arm) => outageAnswer(arm, ({ failures, requests }) => `${failures} of ${requests}`),
  ],
  [
    'Service killed: pages from the database instead',
    (arm) => outageAnswer(arm, ({ bypassed }) => count(bypassed)),
  ],
  [
    'Service back: used again by all workers after',
    (arm) =>
      outageAnswer(arm, ({ backMillis }) =>
        backMillis === null ? 'not at all' : millis(backMillis),
      ),
  ],
];

function yesNo(part: number, whole: number): string {
  return `${part === whole ? 'yes' : 'no'}: ${part} of ${whole}`;
}

function serviceAnswer({ service }: Observed): string {
  if (!service) return 'no';
  if (service.startMillis === null) return `yes: ${service.name}, which was already running`;
  return `yes: ${millis(service.startMillis)}`;
}

function staleAnswer({ updates }: Observed): string {
  if (!updates) return AS_WITHOUT_FILE;
  const { stale, reads, longestMillis } = updates;
  if (stale === 0) return `no: 0 of ${reads}`;
  const end = longestMillis === null ? 'until they expire' : `at most ${millis(longestMillis)}`;
  return `yes: ${stale} of ${reads}, ${end}`;
}

const millis = (value: number) => inWords(1_000 * value, 'micros');

/** Bytes as KiB: what is little in MiB differs here. */
function memoryAnswer(
  { observations: { service } }: Measured,
  of: (memory: ServiceMemory) => number | null,
): string {
  if (!service) return 'there is none';
  const bytes = service.memory && of(service.memory);
  return bytes === null ? '–' : `${count(Math.ceil(bytes / 2 ** 10))} KiB`;
}

function durations({ p50Micros, p99Micros }: Observed['get']): string {
  if (p50Micros === null || p99Micros === null) return '–';
  return `${inWords(p50Micros, 'micros')}, ${inWords(p99Micros, 'micros')}`;
}

function outageAnswer(
  arm: Measured,
  answer: (outage: NonNullable<Observed['outage']>) => string,
): string {
  const { service, outage } = arm.observations;
  if (outage) return answer(outage);
  if (writesFile(arm)) return AS_WITHOUT_FILE;
  return service ? NOT_OURS : 'there is none';
}
