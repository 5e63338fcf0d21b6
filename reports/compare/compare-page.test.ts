import { describe, expect, test } from 'vitest';
import { hostileRecord } from '../fixtures/hostile-record.ts';
import { distinctArm, distinctPhase, distinctRecord } from '../record/fixtures/distinct-figures.ts';
import type { RunRecord } from '../record/schema.ts';
import { comparePage, summary } from './compare-page.ts';
import { compareRecords } from './comparison.ts';

const rounds = (from: number, given: Partial<RunRecord> = {}) =>
  distinctRecord(
    [0, 1, 2].map((more) =>
      distinctArm(`a, round ${more}`, [distinctPhase('traffic', from + more)], { round: more + 1 }),
    ),
    given,
  );
const one = (name: string, from: number, given: Partial<RunRecord> = {}) =>
  distinctRecord([distinctArm(name, [distinctPhase('traffic', from)])], given);
const [first, second] = [
  rounds(0, { id: 'id-of-a' }),
  rounds(20, { id: 'id-of-b', command: 'lab --other', options: {} }),
];
const page = comparePage(compareRecords([first, second]));

const mainOf = (text: string) => text.slice(text.indexOf('<main'), text.indexOf('</main>'));
/** What one reads on the page, element by element. */
const texts = (text: string) =>
  mainOf(text)
    .replaceAll('\u00a0', ' ')
    .split(/\s*<[^>]*>\s*/)
    .filter((part) => part !== '');
/** Where the head line leads. */
const linksOf = (text: string) => {
  const [nav] = /<nav .*<\/nav>/.exec(text)!;
  return [...nav.matchAll(/<a href="([^"]*)">([^<]*)</g)].map(([, to, name]) => `${to}: ${name}`);
};
/** What the charts of the page are drawn from. */
const chartsOf = (text: string) =>
  JSON.parse(/<script[^>]*id="charts"[^>]*>([^<]*)</.exec(text)![1]!);

describe('the summary', () => {
  const of = (...records: RunRecord[]) => summary(compareRecords(records));

  test('counts what can be told apart, and which way', () => {
    expect(of(first, second)).toBe(
      'Of 10 differences from A, 10 are larger than chance explains: 2 better, 6 worse, 2 neither. The others may be chance. Each is held against 95 %, so about one in twenty looks real by chance.',
    );
    expect(of(one('a', 0), one('a', 10))).toContain(
      'Of 10 differences from A, 1 is larger than chance explains: 0 better, 1 worse, 0 neither.',
    );
    expect(of(one('a', 0), distinctRecord([]), one('a', 10))).toMatch(/^Of 10 differences/);
  });

  test('says so where there is nothing to compare', () => {
    expect(of(one('a', 0), distinctRecord([]))).toBe('They have no arm in common to compare.');
  });
});

describe('the page of a comparison', () => {
  test('names its runs', () => {
    expect(page).toContain('<title>A and B: 2 runs compared');
    expect(page).toContain('content="npm run lab -- --seed 7; lab --other"');
    expect(page).toContain('</svg>compare</span>');
    expect(linksOf(page)).toEqual(['#runs: Runs', '#figures: Figures']);
    const section = (id: string, title: string) =>
      `<section id="${id}" aria-labelledby="${id}-title">\n<h2 id="${id}-title">${title}</h2>`;
    expect(page).toContain(section('runs', 'The runs'));
    expect(page).toContain(section('figures', 'Figures'));
    expect(page.match(/<h3 class="figure-title">/g)).toHaveLength(3);
  });

  test('opens with the summary and the runs', () => {
    expect(texts(page).slice(0, 14)).toEqual([
      '2 runs, side by side',
      summary(compareRecords([first, second])),
      'The runs',
      ...['A', 'What happens?', 'So it is.', 'npm run lab -- --seed 7', 'hit-rate', 'id-of-a'],
      ...['B', 'What happens?', 'So it is.', 'lab --other', 'hit-rate'],
    ]);
    expect(mainOf(page)).toContain('<p class="verdict">Of 10 differences');
  });

  test('shows what differed before, or that nothing did', () => {
    const read = texts(page);
    const at = read.indexOf('What differed before');
    expect(read.slice(at + 1, at + 8)).toEqual([
      ...['differs', 'A', 'B', 'workers', '2', '–', 'requests'],
    ]);
    expect(texts(comparePage(compareRecords([first, first])))).toContain(
      'Nothing: the same scenario with the same options on the same machine. What the figures show is chance.',
    );
  });

  test('shows all figures in a table, with where their spreads come from', () => {
    const read = texts(page);
    const at = read.indexOf('All of them');
    expect(read.slice(at, at + 14)).toEqual([
      ...['All of them', 'arm', 'figure', 'A', 'B', 'B − A', 'so'],
      ...['a', 'misses', '117', '177', '+60 ± 7', 'worse', 'a'],
    ]);
    expect(mainOf(page)).toMatch(/Figures of all runs: table"/);
    expect(mainOf(page)).toMatch(/What differed before: table"/);
    expect(read.at(-1)).toBe(
      '± is the 95 % interval of the difference of the means over the rounds (Welch).',
    );
  });

  test('warns, and gives the reason of a run that failed', () => {
    const failed = rounds(1, { status: 'failed', verdict: null, failure: 'Worker 2 died.' });
    const told = mainOf(comparePage(compareRecords([first, failed])));
    expect(told).toContain(
      '<div class="warning"><p>B is failed: it holds only what was measured until then.</p></div>',
    );
    expect(texts(told)).toContain('Worker 2 died.');
  });

  test('draws hit rate, misses and requests per second, a bar for each run', () => {
    const y = { label: 'misses', format: 'count' };
    const charts = chartsOf(page);
    expect(Object.keys(charts)).toEqual([
      ...['compare-hitRate', 'compare-misses', 'compare-requestsPerSecond'],
    ]);
    expect(charts['compare-misses']).toEqual({
      ...{ kind: 'bars', categories: ['a'], x: 'arm', y, missing: 'not in this run' },
      series: [
        { name: 'A', values: [117], colour: 'worker-1', pattern: 'solid' },
        { name: 'B', values: [177], colour: 'worker-2', pattern: 'hatched' },
      ],
    });
    const read = texts(page);
    const at = read.lastIndexOf('A bar for each run; over several rounds it is their mean.');
    expect(read.slice(at - 1, at + 1)).toEqual([
      'requests/s',
      'A bar for each run; over several rounds it is their mean.',
    ]);
    expect(read.slice(at).join(' ')).toContain('arm A B a 33 53');
  });

  test('tells many runs apart, also where one lacks an arm', () => {
    const others = [10, 20, 30, 40].map((from) => one('a', from));
    const { series } = chartsOf(comparePage(compareRecords([one('a', 0), ...others])))[
      'compare-misses'
    ];
    expect(series.map(({ pattern }: { pattern: string }) => pattern)).toEqual([
      ...['solid', 'hatched', 'dotted', 'crossed', 'solid'],
    ]);
    const gap = comparePage(compareRecords([one('a', 0), distinctRecord([]), one('a', 10)]));
    const misses = chartsOf(gap)['compare-misses'].series;
    expect(misses.map(({ values }: { values: unknown }) => values)).toEqual([[114], [null], [144]]);
  });

  test('says so where there is nothing to compare, and draws nothing', () => {
    const empty = comparePage(compareRecords([one('a', 0), distinctRecord([])]));
    expect(texts(empty).at(-1)).toBe('These runs have no arm in common to compare.');
    expect(linksOf(empty)).toEqual(['#runs: Runs']);
    const slow = one('a', 0);
    slow.arms[0]!.phases[0]!.requestsPerSecond = null;
    const charted = comparePage(compareRecords([slow, slow]));
    expect(Object.keys(chartsOf(charted))).toEqual(['compare-hitRate', 'compare-misses']);
    expect(charted.match(/<figure\b/g)).toHaveLength(2);
  });

  test('makes no markup of what comes from outside', () => {
    const main = mainOf(comparePage(compareRecords([hostileRecord(), hostileRecord()])));
    expect(main).not.toMatch(/<(script|img|iframe|svg)\b/);
  });
});
