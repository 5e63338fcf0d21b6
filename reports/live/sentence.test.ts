import { expect, it } from 'vitest';
import { SAMPLE_SETTING } from './fixtures/synthetic-fleet.ts';
import type { Setting, Totals } from './protocol.ts';
import { answerWords, fleetWords, sentenceParts, sentenceText } from './sentence.ts';

const totals: Totals = {
  ...{ responses: 900, errors: 0, hitRate: 0.714, oneCacheHitRate: 0.937 },
  ...{ originPerSecond: 37.4, oneCacheOriginPerSecond: 14.2 },
};
const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const said = (setting: Partial<Setting>, changes: Partial<Totals> = {}) =>
  plain(sentenceText({ ...SAMPLE_SETTING, ...setting }, { ...totals, ...changes }));

it('says what the fleet has, what one cache would have, and what the difference costs', () => {
  expect(said({})).toBe(
    '4 workers, 4 caches: 71 % hits · one cache would have 94 % · +23 database queries/s',
  );
});

it('counts caches as the backend has them', () => {
  const words = (setting: Partial<Setting>) => plain(fleetWords({ ...SAMPLE_SETTING, ...setting }));
  expect(words({ workers: 1 })).toBe('1 worker, 1 cache');
  expect(words({ backend: 'redis' })).toBe('4 workers, 1 cache');
  expect(words({ backend: 'tiered' })).toBe('4 workers, 1 cache');
  expect(words({ backend: 'memcached' })).toBe('4 workers, 1 cache');
  expect(words({ backend: 'dummy' })).toBe('4 workers, no cache');
});

it('never says all or nothing where it is not, and a dash where nobody asked', () => {
  const figures = (changes: Partial<Totals>) =>
    sentenceParts({ ...totals, ...changes }).map(({ figure }) => plain(figure));
  expect(figures({ hitRate: 0.998, oneCacheHitRate: 1 }).slice(0, 2)).toEqual(['99.8 %', '100 %']);
  expect(figures({ hitRate: 0.002 })[0]).toBe('0.2 %');
  expect(figures({ hitRate: null, oneCacheHitRate: null }).slice(0, 2)).toEqual(['–', '–']);
  expect(figures({ originPerSecond: 14.4 })[2]).toBe('±0');
  expect(figures({ originPerSecond: 2 })[2]).toBe('−12');
});

it('says who answered, and whether it was known', () => {
  const answer = { key: 17, slot: 3, millis: 24 } as const;
  expect(plain(answerWords({ ...answer, outcome: 'cold' }))).toBe('user 17: worker 3, miss, 24 ms');
  expect(plain(answerWords({ ...answer, outcome: 'hit', millis: 0.41 }))).toBe(
    'user 17: worker 3, hit, 410 µs',
  );
});
