import { counted, formatValue, wholePercent } from '../record/format.ts';
import { BACKENDS, type LauncherName, type Outcome, type Routing } from '../record/vocabulary.ts';
import type { Dot, Setting, Totals } from './protocol.ts';

/** A part of the sentence: a figure, and words before and after it. */
export interface SentencePart {
  readonly before: string;
  readonly figure: string;
  readonly after: string;
}

/** What the fleet is, e.g. `4 workers, 4 caches`. */
export function fleetWords({ workers, backend }: Pick<Setting, 'workers' | 'backend'>): string {
  const caches = {
    each: counted(workers, 'cache'),
    one: counted(1, 'cache'),
    none: 'no cache',
  };
  return `${counted(workers, 'worker')}, ${caches[BACKENDS[backend].caches]}`;
}

/** The three figures of the last ten seconds, always three, so that nothing moves about. */
export function sentenceParts(totals: Totals): SentencePart[] {
  const { hitRate, oneCacheHitRate, originPerSecond, oneCacheOriginPerSecond } = totals;
  const more = Math.round(originPerSecond - oneCacheOriginPerSecond);
  return [
    { before: '', figure: wholePercent(hitRate), after: 'hits' },
    { before: 'one cache would have', figure: wholePercent(oneCacheHitRate), after: '' },
    {
      before: '',
      figure: more === 0 ? '±0' : `${more > 0 ? '+' : '−'}${Math.abs(more)}`,
      after: Math.abs(more) === 1 ? 'database query/s' : 'database queries/s',
    },
  ];
}

/** The whole of it, for whoever hears the page. */
export function sentenceText(setting: Setting, totals: Totals): string {
  const parts = sentenceParts(totals).map(({ before, figure, after }) =>
    [before, figure, after].filter((word) => word !== '').join(' '),
  );
  return `${fleetWords(setting)}: ${parts.join(' · ')}`;
}

/** What a launcher is called, above the cards. */
export function launcherWords(launcher: LauncherName): string {
  const modules: Partial<Record<LauncherName, string>> = {
    cluster: 'node:cluster',
    threads: 'node:worker_threads',
  };
  return modules[launcher] ?? launcher;
}

/** What each routing does with a request. */
export const ROUTING_WORDS: Readonly<Record<Routing, string>> = {
  'keep-alive': 'each connection stays with its worker',
  fresh: 'a new connection for each request',
  'by-key': 'each key always goes to the same worker',
};

/** Who answered and whether it was known, e.g. `user 17: worker 3, miss, 24 ms`. */
export function answerWords({ key, slot, outcome, millis }: Answer): string {
  return `user ${key}: worker ${slot}, ${OUTCOME_WORDS[outcome]}, ${formatValue(1_000 * millis, 'micros')}`;
}

type Answer = Pick<Dot, 'key' | 'slot' | 'outcome' | 'millis'>;

/** Each outcome for people who see one response. */
export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  hit: 'hit',
  cold: 'miss',
  expired: 'miss, its time was over',
  evicted: 'miss, it had been evicted',
  error: 'the cache failed',
  none: 'no cache',
};

/** What the four answers of an act are called. */
export const LETTERS = ['A', 'B', 'C', 'D'] as const;
