import { describe, expect, test } from 'vitest';
import { distinctArm, distinctPhase, distinctRecord } from '../record/fixtures/distinct-figures.ts';
import type { RunRecord } from '../record/schema.ts';
import { runMarkdown, runsCsv } from './run-text.ts';

const one = distinctArm('1 worker', [distinctPhase('traffic', 0)], { workers: 1 });
const two = distinctArm(
  '2 workers, round 3',
  [distinctPhase('cold start', 300), distinctPhase('steady', 600)],
  { servers: 2, launcher: 'pm2', backend: 'redis', routing: 'by-key', round: 3 },
);
const record = distinctRecord([one, two]);

const TABLE: RunRecord['exhibits'][number] = {
  ...{ kind: 'table', id: 'forecast', title: 'A forecast', caption: 'Computed.' },
  columns: [
    { label: 'workers', format: null },
    { label: 'hit rate', format: 'percent' },
  ],
  rows: [
    ['four', 0.482],
    ['=1+1', null],
  ],
};
const BARS: RunRecord['exhibits'][number] = {
  ...{ kind: 'bars', id: 'bars', title: 'Bars', caption: '', categories: [], series: [] },
  y: { label: 'y', format: 'count' },
};
const computed = distinctRecord([], { exhibits: [BARS, TABLE] });

const plain = (text: string) => text.replaceAll('\u00a0', ' ');

describe('a run as Markdown', () => {
  test('has the question, the verdict, a row for each phase, and how to repeat it', () => {
    const warning = { kind: 'other', arm: null, message: 'So so.', remedy: 'Do.' } as const;
    expect(plain(runMarkdown({ ...record, warnings: [warning] }))).toBe(`### What happens?

✔ So it is.

| arm | requests | misses | expected misses | hit rate | expected hit rate | origin queries | entries | duplication factor | requests/s |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| 1 worker | 33 | 114 | 46 | 4.0 % | 4.5 % | 41 | 42 | 4.4 | 32 |
| 2 workers, round 3 · cold start | 333 | 1,014 | 346 | 34.0 % | 34.5 % | 341 | 342 | 34.4 | 332 |
| 2 workers, round 3 · steady | 633 | 1,914 | 646 | 64.0 % | 64.5 % | 641 | 642 | 64.4 | 632 |

⚠ So so.

    npm run lab -- --seed 7

Node v26.10.0, a processor, 2 cores
`);
  });

  test('marks what disagrees, what was not judged, and what came to nothing', () => {
    const marked = (given: Partial<RunRecord>) =>
      runMarkdown({ ...record, ...given }).split('\n')[2];
    const verdict = { sentence: 'So it is.', findings: [] };
    expect(marked({ verdict: { ...verdict, agreement: 'disagrees' } })).toBe('✘ So it is.');
    expect(marked({ verdict: { ...verdict, agreement: 'not judged' } })).toBe('· So it is.');
    expect(marked({ verdict: null, status: 'interrupted' })).toBe('✘ interrupted');
    const failed = { verdict: null, status: 'failed', failure: 'Worker *2* died.' } as const;
    expect(marked(failed)).toBe('✘ failed: Worker \\*2\\* died.');
  });

  test('has the tables of what was computed and not measured', () => {
    expect(plain(runMarkdown(computed)).split('\n\n').slice(2, -2)).toEqual([
      '| workers | hit rate |\n| --- | ---: |\n| four | 48.2 % |\n| =1+1 | – |',
    ]);
  });

  test('says on what machine it ran, as text', () => {
    const environment = { ...record.environment, node: '*v26*', cpu: '<b>' };
    expect(runMarkdown({ ...record, environment })).toMatch(
      /Node \\\*v26\\\*, \\<b\\>, 2 cores\n$/,
    );
  });

  test('keeps the command in its block, and what is unknown of theory a dash', () => {
    const unknown = distinctPhase('traffic', 0);
    unknown.expected = null;
    const text = runMarkdown(
      distinctRecord([distinctArm('a', [unknown])], { command: 'lab\n# a heading' }),
    );
    expect(text).toContain('\n\n    lab # a heading\n\n');
    expect(text).toContain('| a | 33 | 114 | – | ');
  });
});

describe('runs as CSV', () => {
  const lines = (text: string) =>
    text
      .trimEnd()
      .split('\r\n')
      .map((line) => line.split(','));

  test('have a column for each measure, by its name, and a line for each worker and for all', () => {
    const [head, ...rows] = lines(runsCsv([distinctRecord([one])]));
    const named = (index: number) =>
      Object.fromEntries(head!.map((name, column) => [name, rows[index]![column]]));
    expect(rows).toHaveLength(3);
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([head!.length]));
    expect(named(0)).toEqual({
      ...{ run: '2026-01-02T03-04-05-hit-rate', scenario: 'hit-rate', seed: '7' },
      ...{ arm: '1 worker', round: '1', phase: 'traffic', workers: '1', servers: '1' },
      ...{ launcher: 'cluster', backend: 'locmem', routing: 'keep-alive', slot: '1' },
      ...{ connections: '102', requests: '103', lookups: '422', hits: '104', misses: '318' },
      ...{ expectedMisses: '128', expectedMissesLow: '126', expectedMissesHigh: '130' },
      ...{ cold: '105', expired: '106', evicted: '107', errors: '108', failures: '' },
      ...{ hitRate: '0.109', expectedHitRate: '0.124' },
      ...{ expectedHitRateLow: '0.123', expectedHitRateHigh: '0.125' },
      ...{ originQueries: '110', evictions: '111', culls: '112', entries: '113' },
      ...{ uniqueEntries: '', duplicationFactor: '', avoidableMisses: '', sharedCacheMisses: '' },
      ...{ durationMillis: '', requestsPerSecond: '', hitP50Micros: '116', hitP99Micros: '1160' },
      ...{ missP50Micros: '120', missP99Micros: '1200' },
      ...{ rssBytes: `${114 * 2 ** 20}`, heapUsedBytes: `${115 * 2 ** 20}` },
    });
    // Columns are not shuffled: their order is that of the measures.
    expect(head!.slice(0, 16)).toEqual([
      ...['run', 'scenario', 'seed', 'arm', 'round', 'phase', 'workers', 'servers', 'launcher'],
      ...['backend', 'routing', 'slot', 'connections', 'requests', 'lookups', 'hits'],
    ]);
    expect(named(1)).toMatchObject({ slot: '2', requests: '203', hitRate: '0.209' });
    expect(named(2)).toMatchObject({
      ...{ slot: 'all', connections: '304', requests: '33', misses: '114', failures: '34' },
      ...{ expectedMisses: '46', expectedMissesLow: '43', expectedMissesHigh: '49' },
      ...{ hitRate: '0.04', expectedHitRate: '0.045', uniqueEntries: '43', durationMillis: '31' },
      ...{ avoidableMisses: '49', hitP50Micros: '217', hitP99Micros: '2161' },
    });
  });

  test('keep commas of names inside their field, and phases apart', () => {
    const [, , , , fourth, , sixth] = runsCsv([record]).split('\r\n');
    expect(fourth).toMatch(
      /^2026-01-02T03-04-05-hit-rate,hit-rate,7,"2 workers, round 3",3,cold start,2,2,pm2,redis,by-key,1,402,/,
    );
    expect(sixth).toMatch(/,cold start,2,2,pm2,redis,by-key,all,/);
  });

  test('leave out what theory does not know', () => {
    const silent = distinctPhase('traffic', 0);
    silent.expected = null;
    const [head, , , all] = lines(runsCsv([distinctRecord([distinctArm('a', [silent])])]));
    const at = head!.indexOf('expectedHitRate');
    expect(all!.slice(at, at + 3)).toEqual(['', '', '']);
  });

  test('stand under one head, and what was computed in tables after them', () => {
    const other = { ...record, id: 'other', exhibits: [TABLE] };
    const [figures, table, ...rest] = runsCsv([record, computed, other]).split('\r\n\r\n');
    expect(lines(figures!).map(([run]) => run)).toEqual([
      'run',
      ...new Array(9).fill(record.id),
      ...new Array(9).fill('other'),
    ]);
    expect(table).toBe("workers,hit rate\r\nfour,0.482\r\n'=1+1,\r\n");
    expect(rest).toEqual([]);
    expect(runsCsv([computed])).toBe(table);
  });
});
