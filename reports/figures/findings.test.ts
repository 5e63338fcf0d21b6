import { expect, test } from 'vitest';
import type { Estimate, Finding, Interval } from '../record/schema.ts';
import { findingsHtml } from './findings.ts';

const estimate = (interval: Interval, by: Estimate['by'] = 'formula'): Estimate => ({
  ...{ value: 50, low: 45, high: 55, interval, source: 'a paper', by },
});
const EXACT = { ...estimate({ kind: 'exact' }, 'construction'), low: 50, high: 50 };
const CHANCE = estimate({ kind: 'chance', share: 0.9999, how: 'a test', step: 0 }, 'model');
const TOLERANCE = estimate({ kind: 'tolerance', reason: 'the clock' });
const finding = (change: Partial<Finding> & { readonly scenario?: string }) => ({
  ...{ claim: 'C4', what: 'misses', unit: 'misses', expected: null, measured: 50, agrees: null },
  ...change,
});

/** The groups in order: the name of each, and its rows with a bar between two cells. */
function groupsOf(findings: Parameters<typeof findingsHtml>[0]): string[][] {
  const { text } = findingsHtml(findings, 'Findings on C4');
  const plain = (html: string) => html.replace(/<[^>]*>/g, '').replaceAll('\u00a0', ' ');
  return [...text.matchAll(/<caption><strong>(.*?)<\/strong>.*?<tbody>(.*?)<\/tbody>/gs)].map(
    ([, title, rows]) => [
      title!,
      ...rows!
        .split('</tr>')
        .slice(0, -1)
        .map((row) => plain(row.replaceAll('<small>', '; ').replaceAll('<td', ' | <td')).trim()),
    ],
  );
}

test('findings stand in three groups: exact, statistics with tolerances, only measured', () => {
  expect(
    groupsOf([
      finding({ what: 'rss', measured: 61 }),
      finding({ what: 'stale', measured: 61, expected: TOLERANCE, agrees: false }),
      finding({ what: 'culls', expected: EXACT, agrees: true, scenario: 'eviction' }),
      finding({ measured: 52, expected: CHANCE, agrees: true, claim: null }),
    ]),
  ).toEqual([
    [
      'Exact',
      'culls (eviction, C4); the lab’s own code: a paper | 50 misses | 50 misses | exactly that | yes',
    ],
    [
      'Statistics',
      'stale (C4); theory: a paper | 61 misses | 50 misses | 11 apart; the tolerance is ± 5: the clock | no',
      'misses; the model: a paper | 52 misses | 50 misses | 2 apart; chance allows ± 5 | yes',
    ],
    ['Only measured', 'rss (C4) | 61 misses | – | only measured | –'],
  ]);
});

test('a group that nothing is in is left out', () => {
  expect(groupsOf([finding({})]).map(([title]) => title)).toEqual(['Only measured']);
});
