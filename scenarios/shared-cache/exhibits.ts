import type { Arm, Exhibit } from '../../reports/record.ts';
import { count } from '../verdict.ts';
import { micros } from './judgement.ts';
import { isShared, type Observed, observed } from './observed.ts';

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
      'Each cell was measured in this run: the same requests, the same workers, another place for the entries.',
    columns: ['', ...measured.map(({ arm }) => arm.name)],
    rows: QUESTIONS.map(({ question, answer }) => [question, ...measured.map(answer)]),
  };
}

const AS_WITHOUT_FILE = 'as without a file';
const NOT_OURS = "not tried: the service is not the lab's own";

const QUESTIONS: readonly { question: string; answer: (one: Measured) => string }[] = [
  { question: 'Needs a service?', answer: ({ seen }) => serviceAnswer(seen) },
  {
    question: 'Memory of the service',
    answer: ({ seen: { service } }) =>
      service?.memoryBytes ? `${(service.memoryBytes / 2 ** 20).toFixed(1)} MiB` : '–',
  },
  {
    question: 'Shared by all workers?',
    answer: ({ seen: { sharing } }) =>
      `${sharing.knew === sharing.workers ? 'yes' : 'no'}: ${sharing.knew} of ${sharing.workers} knew the page that one had loaded`,
  },
  { question: 'Misses of a cold start', answer: ({ arm }) => coldStart(arm) },
  {
    question: 'Survives new workers?',
    answer: ({ seen: { workersReplaced: one } }) => {
      if (!one) return AS_WITHOUT_FILE;
      return `${one.hits === one.lookups ? 'yes' : 'no'}: ${one.hits} of ${one.lookups} lookups were hits`;
    },
  },
  {
    question: 'Survives a restart of the service?',
    answer: ({ seen: { service, serviceRestarted: one } }) => {
      if (!one) return service ? NOT_OURS : 'there is none';
      return `${one.kept === one.pages ? 'yes' : 'no'}: ${one.kept} of ${one.pages} pages were kept`;
    },
  },
  { question: 'A lookup that hits', answer: ({ seen }) => durations(seen.get) },
  { question: 'Storing a page', answer: ({ seen }) => durations(seen.set) },
  {
    question: 'Requests per second, all hits',
    answer: ({ seen }) =>
      seen.requestsPerSecond === null ? AS_WITHOUT_FILE : count(Math.round(seen.requestsPerSecond)),
  },
  {
    question: 'Stale after an update?',
    answer: ({ seen: { updates } }) => {
      if (!updates) return AS_WITHOUT_FILE;
      const { stale, reads, longestMillis } = updates;
      const end = longestMillis === null ? 'until they expire' : 'for a moment';
      const share = `${stale} of ${reads} reads at other workers`;
      return stale === 0
        ? `no: ${share}, all new within ${(longestMillis ?? 0).toFixed(0)} ms`
        : `yes: ${share}, ${end}`;
    },
  },
  { question: 'When the service is gone', answer: ({ seen }) => outageAnswer(seen) },
];

function serviceAnswer({ service }: Observed): string {
  if (!service) return 'no';
  if (service.startMillis === null) return `yes: ${service.name}, which ran already`;
  return `yes: ${service.name}, started in ${service.startMillis.toFixed(0)} ms`;
}

function coldStart(arm: Arm): string {
  const phase = arm.phases[0];
  if (!phase) return '–';
  const { cold, expired, evicted } = phase.totals.misses;
  const caches = isShared(arm) ? 'one cache' : `${arm.workers} caches`;
  return `${count(cold + expired + evicted)} of ${count(phase.totals.requests)} (${caches})`;
}

function durations({ p50Micros, p99Micros }: Observed['get']): string {
  if (p50Micros === null || p99Micros === null) return '–';
  return `${micros(p50Micros)}; 99 % within ${micros(p99Micros)}`;
}

function outageAnswer({ service, outage }: Observed): string {
  if (!outage && service?.persistence === 'append-only file') return AS_WITHOUT_FILE;
  if (!outage) return service ? NOT_OURS : 'there is none to lose';
  const { requests, failures, bypassed, backMillis } = outage;
  const back =
    backMillis === null
      ? 'the cache was not used again'
      : `used again after ${backMillis.toFixed(0)} ms`;
  return `${failures} of ${requests} pages failed; ${bypassed} came from the database; ${back}`;
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
    title: 'Requests per second of the whole fleet, when every lookup hits',
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
