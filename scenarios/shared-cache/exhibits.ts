import { count, inWords } from '../../reports/record/format.ts';
import type { Exhibit } from '../../reports/record/schema.ts';
import type { ColumnOf } from '../../reports/record/table.ts';
import { missesOf } from '../../reports/record/tally.ts';
import { bars, table } from '../kit/exhibits.ts';
import { type Measured, type Observed, throughputOf, writesFile } from './observed.ts';

/** The articles' table, and its two rows of figures as charts. */
export function exhibits(arms: readonly Measured[]): Exhibit[] {
  return [
    table(QUESTIONS, {
      id: 'backends',
      title: 'Local memory and shared caches, question by question',
      caption:
        'Each cell was measured in this run: the same requests, the same number of workers, another place for the entries. “With a file” is Redis writing down each change.',
      columns: [
        ['', ([question]) => question],
        ...arms.map((arm): ColumnOf<Question> => [arm.name, ([, answer]) => answer(arm)]),
      ],
    }),
    bars(arms, {
      id: 'waiting',
      title: 'What a request waits for its cache',
      caption:
        'As the worker measured it, one request at a time. Local memory is at hand; a service is a round trip away, and a near cache spares that trip when it has the page.',
      y: { label: 'median wait', format: 'micros' },
      series: [
        { name: 'lookup that hits', of: ({ observations }) => observations.get.p50Micros },
        { name: 'storing a page', of: ({ observations }) => observations.set.p50Micros },
      ],
    }),
    bars(
      arms.filter((arm) => throughputOf(arm) !== null),
      {
        id: 'throughput',
        title: 'Requests per second of the whole fleet, once it is warm',
        caption:
          'All connections busy. The HTTP server itself costs most of a request, so the caches differ less here than in the wait above.',
        y: { label: 'requests per second', format: 'count' },
        series: [{ name: 'requests per second', of: throughputOf }],
      },
    ),
  ];
}

const AS_WITHOUT_FILE = 'as without file';
const NOT_OURS = "not tried: not the lab's own";

/** What is asked, and what an arm answers. */
type Question = readonly [question: string, answer: (arm: Measured) => string];

const QUESTIONS: readonly Question[] = [
  ['Needs a service? Started in', ({ observations }) => serviceAnswer(observations)],
  [
    'Memory of the service',
    ({ observations: { service } }) =>
      service?.memoryBytes ? `${count(Math.ceil(service.memoryBytes / 2 ** 10))} KiB` : '–',
  ],
  [
    'Shared? Workers that knew a page which one had loaded',
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
  ['Storing a page: median, 99 %', ({ observations }) => durations(observations.set)],
  [
    'Requests per second, all hits',
    (arm) => (throughputOf(arm) === null ? AS_WITHOUT_FILE : count(throughputOf(arm)!)),
  ],
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
  if (service.startMillis === null) return `yes: ${service.name}, which ran already`;
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
