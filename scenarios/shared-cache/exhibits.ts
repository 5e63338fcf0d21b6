import type { Arm, Exhibit } from '../../reports/record/schema.ts';
import { count } from '../kit/finding.ts';
import { micros } from './judgement.ts';
import { type Observed, observed } from './observed.ts';

/** The articles' table, and its two rows of figures as charts. */
export function exhibitsOf(arms: readonly Arm[]): Exhibit[] {
  const measured = arms.flatMap((arm) => {
    const seen = observed(arm);
    return seen ? [{ arm, seen }] : [];
  });
  if (measured.length === 0) return [];
  return [comparison(measured), waiting(measured), throughput(measured)];
}

interface Measured {
  readonly arm: Arm;
  readonly seen: Observed;
}

function comparison(measured: readonly Measured[]): Exhibit {
  return {
    kind: 'table',
    id: 'backends',
    title: 'Local memory and shared caches, question by question',
    caption:
      'Each cell was measured in this run: the same requests, the same number of workers, another place for the entries. “With a file” is Redis writing down each change.',
    columns: ['', ...measured.map(({ arm }) => arm.name)],
    rows: QUESTIONS.map(({ question, answer }) => [question, ...measured.map(answer)]),
  };
}

const AS_WITHOUT_FILE = 'as without file';
const NOT_OURS = "not tried: not the lab's own";

const QUESTIONS: readonly { question: string; answer: (one: Measured) => string }[] = [
  { question: 'Needs a service? Started in', answer: ({ seen }) => serviceAnswer(seen) },
  {
    question: 'Memory of the service',
    answer: ({ seen: { service } }) =>
      service?.memoryBytes ? `${count(Math.ceil(service.memoryBytes / 2 ** 10))} KiB` : '–',
  },
  {
    question: 'Shared? Workers that knew a page which one had loaded',
    answer: ({ seen: { sharing } }) => yesNo(sharing.knew, sharing.workers),
  },
  { question: 'Misses of a cold start', answer: ({ arm }) => coldStart(arm) },
  {
    question: 'Survives new workers? Hits after all were replaced',
    answer: ({ seen: { workersReplaced: one } }) =>
      one ? yesNo(one.hits, one.lookups) : AS_WITHOUT_FILE,
  },
  {
    question: 'Survives a restart of the service? Pages kept',
    answer: ({ seen: { service, serviceRestarted: one } }) => {
      if (one) return yesNo(one.kept, one.pages);
      return service ? NOT_OURS : 'there is none';
    },
  },
  { question: 'A lookup that hits: median, 99 %', answer: ({ seen }) => durations(seen.get) },
  { question: 'Storing a page: median, 99 %', answer: ({ seen }) => durations(seen.set) },
  {
    question: 'Requests per second, all hits',
    answer: ({ seen }) =>
      seen.requestsPerSecond === null ? AS_WITHOUT_FILE : count(Math.round(seen.requestsPerSecond)),
  },
  {
    question: 'Stale after an update? Reads at other workers',
    answer: ({ seen: { updates } }) => {
      if (!updates) return AS_WITHOUT_FILE;
      const { stale, reads, longestMillis } = updates;
      if (stale === 0) return `no: 0 of ${reads}`;
      const end =
        longestMillis === null ? 'until they expire' : `at most ${longestMillis.toFixed(0)} ms`;
      return `yes: ${stale} of ${reads}, ${end}`;
    },
  },
  {
    question: 'Service killed: pages that failed',
    answer: ({ seen }) =>
      outageAnswer(seen, ({ failures, requests }) => `${failures} of ${requests}`),
  },
  {
    question: 'Service killed: pages from the database instead',
    answer: ({ seen }) => outageAnswer(seen, ({ bypassed }) => count(bypassed)),
  },
  {
    question: 'Service back: used again by all workers after',
    answer: ({ seen }) =>
      outageAnswer(seen, ({ backMillis }) =>
        backMillis === null ? 'not at all' : `${backMillis.toFixed(0)} ms`,
      ),
  },
];

function yesNo(part: number, whole: number): string {
  return `${part === whole ? 'yes' : 'no'}: ${part} of ${whole}`;
}

function serviceAnswer({ service }: Observed): string {
  if (!service) return 'no';
  if (service.startMillis === null) return `yes: ${service.name}, which ran already`;
  return `yes: ${service.startMillis.toFixed(0)} ms`;
}

function coldStart(arm: Arm): string {
  const phase = arm.phases[0];
  if (!phase) return '–';
  const { cold, expired, evicted } = phase.totals.misses;
  return `${count(cold + expired + evicted)} of ${count(phase.totals.requests)}`;
}

function durations({ p50Micros, p99Micros }: Observed['get']): string {
  if (p50Micros === null || p99Micros === null) return '–';
  return `${micros(p50Micros)}, ${micros(p99Micros)}`;
}

function outageAnswer(
  { service, outage }: Observed,
  answer: (outage: NonNullable<Observed['outage']>) => string,
): string {
  if (outage) return answer(outage);
  if (service?.persistence === 'append-only file') return AS_WITHOUT_FILE;
  return service ? NOT_OURS : 'there is none';
}

function waiting(measured: readonly Measured[]): Exhibit {
  const series = (name: string, of: (seen: Observed) => number | null) => ({
    name,
    role: 'measured' as const,
    values: measured.map(({ seen }) => of(seen)),
  });
  return {
    kind: 'bars',
    id: 'waiting',
    title: 'What a request waits for its cache',
    caption:
      'As the worker measured it, one request at a time. Local memory is at hand; a service is a round trip away, and a near cache spares that trip when it has the page.',
    categories: measured.map(({ arm }) => arm.name),
    y: { label: 'median wait', unit: 'µs' },
    series: [
      series('lookup that hits', ({ get }) => get.p50Micros),
      series('storing a page', ({ set }) => set.p50Micros),
    ],
  };
}

function throughput(all: readonly Measured[]): Exhibit {
  const measured = all.filter(({ seen }) => seen.requestsPerSecond !== null);
  return {
    kind: 'bars',
    id: 'throughput',
    title: 'Requests per second of the whole fleet, once it is warm',
    caption:
      'All connections busy. The HTTP server itself costs most of a request, so the caches differ less here than in the wait above.',
    categories: measured.map(({ arm }) => arm.name),
    y: { label: 'requests per second', unit: '1/s' },
    series: [
      {
        name: 'requests per second',
        role: 'measured',
        values: measured.map(({ seen }) => seen.requestsPerSecond),
      },
    ],
  };
}
