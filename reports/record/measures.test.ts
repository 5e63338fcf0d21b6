import { expect, test } from 'vitest';
import { distinctPhase } from './fixtures/distinct-figures.ts';
import { expectedId, MEASURES, SHOWN } from './measures.ts';

const phase = distinctPhase('traffic', 1_000);
const ALL = Object.values(MEASURES);

/** [id, of all workers, of the first one, how it is written, which is better] */
const TABLE: [string, number | null, number | null, string, string | null][] = [
  ['connections', 1_102 + 1_202, 1_102, 'count', null],
  ['requests', 1_033, 1_103, 'count', null],
  ['lookups', 1_035 + 3_114, 1_104 + 3_318, 'count', null],
  ['hits', 1_035, 1_104, 'count', null],
  ['misses', 1_037 + 1_038 + 1_039, 1_105 + 1_106 + 1_107, 'count', 'lower'],
  ['cold', 1_037, 1_105, 'count', 'lower'],
  ['expired', 1_038, 1_106, 'count', 'lower'],
  ['evicted', 1_039, 1_107, 'count', 'lower'],
  ['errors', 1_036, 1_108, 'count', 'lower'],
  ['failures', 1_034, null, 'count', 'lower'],
  ['hitRate', 1.04, 1.109, 'percent', 'higher'],
  ['originQueries', 1_041, 1_110, 'count', 'lower'],
  ['evictions', 1_111 + 1_211, 1_111, 'count', null],
  ['culls', 1_112 + 1_212, 1_112, 'count', null],
  ['entries', 1_042, 1_113, 'count', null],
  ['uniqueEntries', 1_043, null, 'count', null],
  ['duplicationFactor', 104.4, null, 'number', null],
  ['avoidableMisses', 1_049, null, 'count', 'lower'],
  ['sharedCacheMisses', 1_050, null, 'count', 'lower'],
  ['durationMillis', 1_031, null, 'number', null],
  ['requestsPerSecond', 1_032, null, 'count', 'higher'],
  ['hitP50Micros', 1_217, 1_116, 'micros', 'lower'],
  ['hitP99Micros', 12_161, 11_160, 'micros', 'lower'],
  ['missP50Micros', 1_221, 1_120, 'micros', 'lower'],
  ['missP99Micros', 12_201, 11_200, 'micros', 'lower'],
  ['rssBytes', (1_114 + 1_214) * 2 ** 20, 1_114 * 2 ** 20, 'bytes', 'lower'],
  ['heapUsedBytes', (1_115 + 1_215) * 2 ** 20, 1_115 * 2 ** 20, 'bytes', 'lower'],
];

test('every measure is its own figure, of all workers and of one', () => {
  expect(
    ALL.map(({ id, of, ofWorker, format, better }) => [
      ...[id, of(phase), ofWorker?.(phase.workers[0]!) ?? null, format, better],
    ]),
  ).toEqual(TABLE);
});

test('along an axis it is said what is counted, where the label does not', () => {
  expect(ALL.flatMap(({ id, axis }) => (axis ? [`${id}: ${axis}`] : []))).toEqual([
    'connections: connections accepted',
    'requests: requests answered',
    'misses: misses (lookups)',
    'hitRate: hit rate (% of lookups)',
  ]);
});

test('labels, and the tables with little room that have them', () => {
  const labels = ALL.map(({ id, label }) => `${id}: ${label}`);
  expect(labels).toEqual([
    'connections: connections',
    'requests: requests',
    'lookups: lookups',
    'hits: hits',
    'misses: misses',
    'cold: cold misses',
    'expired: expired misses',
    'evicted: evicted misses',
    'errors: failed lookups',
    'failures: responses that were not 2xx',
    'hitRate: hit rate',
    'originQueries: origin queries',
    'evictions: evictions',
    'culls: culls',
    'entries: entries',
    'uniqueEntries: unique entries',
    'duplicationFactor: duplication factor',
    'avoidableMisses: avoidable misses',
    'sharedCacheMisses: misses of one shared cache',
    'durationMillis: duration, ms',
    'requestsPerSecond: requests/s',
    'hitP50Micros: hit, median',
    'hitP99Micros: hit, 99 % within',
    'missP50Micros: miss, median',
    'missP99Micros: miss, 99 % within',
    'rssBytes: memory',
    'heapUsedBytes: heap',
  ]);
  const ids = Object.values(SHOWN).map((measures) => measures.map(({ id }) => id).join(' '));
  expect(ids).toEqual([
    'connections requests hits misses hitRate entries rssBytes',
    'requests misses hitRate originQueries entries duplicationFactor requestsPerSecond',
    'misses hitRate originQueries entries duplicationFactor requestsPerSecond hitP50Micros hitP99Micros missP50Micros rssBytes',
  ]);
});

test('theory speaks of misses and hit rates, of a phase and of a worker', () => {
  const spoken = ALL.filter(({ expected }) => expected);
  expect(spoken.map(({ id, expected }) => [expectedId(id), expected!(phase)])).toEqual([
    ['expectedMisses', phase.expected!.misses],
    ['expectedHitRate', phase.expected!.hitRate],
  ]);
  for (const { expected } of spoken) {
    expect(expected!({ expected: null })).toBeNull();
    expect(expected!({})).toBeNull();
    expect(expected!(phase.workers[0]!)?.value).toBe(
      expected!(phase) === phase.expected!.misses ? 1_128 : 1.124,
    );
  }
});

test('what is not known is no zero', () => {
  const silent = { ...phase, replay: null, totals: { ...phase.totals, hitRate: null } };
  const { misses, hitRate, avoidableMisses, sharedCacheMisses } = MEASURES;
  for (const measure of [misses, hitRate, avoidableMisses, sharedCacheMisses]) {
    expect(measure.of(silent)).toBeNull();
  }
});
