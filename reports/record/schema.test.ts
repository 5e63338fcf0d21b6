import Value from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { distinctArm, distinctPhase, distinctRecord } from './fixtures/distinct-figures.ts';
import { type Arm, type Finding, type Interval, RunHead, RunRecord } from './schema.ts';

const finding = (interval: Interval): Finding => ({
  ...{ claim: 'C4', what: 'misses', unit: 'misses', measured: 3, agrees: true },
  expected: { ...{ value: 3, low: 2, high: 4, source: 'a test', by: 'formula' }, interval },
});
const phase: Arm['phases'][number] = {
  ...distinctPhase('traffic', 0),
  keptRate: 0.9,
  protocol: false,
  bins: {
    requestsPerBin: 10,
    workers: [{ slot: 1, requests: [9], hits: [8], cold: [7], expired: [6], evicted: [5] }],
  },
  audit: {
    clean: true,
    checks: [{ name: 'hits', slot: 1, seen: 4, counted: 4, holds: true }],
  },
  replay: {
    ...{ responses: 9, identical: 9, firstDifference: 'none', avoidableMisses: 2 },
    ...{ avoidableByWorker: [{ slot: 1, misses: 2 }], sharedCacheMisses: 3 },
  },
  trace: { keys: ['user_1'], ranks: [1], key: [0], slot: [1], outcome: [2], avoidable: [1] },
  residency: {
    ...{ keys: ['user_1'], slots: [1], final: [{ slot: 1, keys: [0] }] },
    changes: { at: [0], slot: [1], key: [0], held: [1] },
  },
  events: [{ atRequest: 3, atMillis: 4.5, slot: 1, label: 'killed' }],
};
for (const worker of phase.workers) worker.hitRate = 0.5;
phase.totals.hitRate = 0.5;
const head = { title: 'A title', caption: 'What to see.' };
const axis = { label: 'time', format: 'seconds' } as const;
const point: [number, number | null] = [1, 2];
const cell = { state: 'good', text: 'hit', detail: 'it knew' } as const;

/** One of everything that a record can have. */
const full: RunRecord = distinctRecord(
  [distinctArm('1 worker', [phase], { ratePerSecond: 400, observations: { seen: 1 } })],
  {
    failure: 'none',
    verdict: {
      ...{ sentence: 'So it is.', agreement: 'agrees' },
      findings: [
        finding({ kind: 'exact' }),
        finding({ kind: 'chance', share: 0.95, how: 'a test', step: 1 }),
        finding({ kind: 'tolerance', reason: 'a test' }),
      ],
    },
    exhibits: [
      {
        ...{ kind: 'lines', id: 'a', ...head, x: axis, y: axis },
        series: [{ name: 'seen', role: 'measured', points: [point] }],
        events: [{ x: 1, label: 'killed' }],
      },
      {
        ...{ kind: 'bars', id: 'b', ...head, y: axis, categories: ['one'] },
        series: [{ name: 'seen', role: 'measured', values: [1] }],
      },
      {
        ...{ kind: 'strip', id: 'c', ...head, step: 'question' },
        rows: [{ label: 'worker 1', cells: [cell] }],
        legend: { good: 'a', bad: 'b', neutral: 'c', empty: 'd' },
      },
      {
        ...{ kind: 'table', id: 'd', ...head, columns: [{ label: 'arm', format: 'count' }] },
        rows: [['text', 1, null, true]],
      },
    ],
    warnings: [{ kind: 'other', arm: '1 worker', message: 'So so.', remedy: 'Do.' }],
  },
);

type Path = readonly (string | number)[];

/** Every place in a value: its path and what stands there. */
function* places(value: unknown, path: Path = []): Generator<[Path, unknown]> {
  if (path.length > 0) yield [path, value];
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inside] of Object.entries(value)) {
    yield* places(inside, [...path, Array.isArray(value) ? Number(key) : key]);
  }
}

/** Whether the record is one with something else, or nothing, at that place. */
function accepts(path: Path, ...instead: [] | [unknown]): boolean {
  const changed = structuredClone(full) as unknown;
  const parent = path.slice(0, -1).reduce((at, key) => (at as never)[key], changed) as object;
  const last = path.at(-1)!;
  if (instead.length === 0) delete parent[last as never];
  else Object.assign(parent, { [last]: instead[0] });
  return Value.Check(RunRecord, changed);
}

/** A path without the numbers in it, so that what is alike comes once. */
const named = (path: Path) => path.map((key) => (typeof key === 'number' ? '*' : key)).join('.');
const distinct = (paths: Iterable<Path>) => [...new Set([...paths].map(named))].sort();
/** What a scenario or a person may put in as they like. */
const isFree = (path: Path) =>
  /^(arms\.\*\.observations|options|environment\.versions)\./.test(named(path));
const fixed = [...places(full)].filter(([path]) => !isFree(path));

test('a record with one of everything is one', () => {
  expect([...Value.Errors(RunRecord, full)]).toEqual([]);
  expect(Value.Check(RunHead, full)).toBe(true);
});

test('nothing may be left out, but what is not always computed', () => {
  const properties = fixed
    .filter(([path]) => typeof path.at(-1) === 'string')
    .map(([path]) => path);
  expect(distinct(properties.filter((path) => accepts(path)))).toEqual([
    'arms.*.phases.*.keptRate',
    'arms.*.phases.*.protocol',
    'arms.*.phases.*.workers.*.expected',
  ]);
});

test('nothing may be of another type', () => {
  const odd = fixed.map(([path, value]) => [path, Array.isArray(value) ? 'x' : [[]]] as const);
  expect(
    distinct(odd.filter(([path, instead]) => accepts(path, instead)).map(([path]) => path)),
  ).toEqual([]);
});

test('what may be unknown is null', () => {
  const nullable = fixed.filter(([path]) => accepts(path, null)).map(([path]) => path);
  expect(distinct(nullable)).toEqual([
    ...['arms.*.cache.timeoutSeconds', 'arms.*.phases.*.audit.checks.*.slot'],
    ...['arms.*.phases.*.events.*.slot', 'arms.*.phases.*.expected', 'arms.*.phases.*.keptRate'],
    ...['arms.*.phases.*.replay', 'arms.*.phases.*.replay.avoidableMisses'],
    ...['arms.*.phases.*.replay.firstDifference', 'arms.*.phases.*.replay.sharedCacheMisses'],
    ...['arms.*.phases.*.requestsPerSecond', 'arms.*.phases.*.residency'],
    ...['arms.*.phases.*.totals.duplicationFactor', 'arms.*.phases.*.totals.entries'],
    ...['arms.*.phases.*.totals.hitRate', 'arms.*.phases.*.totals.uniqueEntries'],
    ...['arms.*.phases.*.trace', 'arms.*.phases.*.workers.*.entries'],
    ...['arms.*.phases.*.workers.*.expected'],
    ...['hitLatency.maxMicros', 'hitLatency.p50Micros', 'hitLatency.p90Micros'].map(ofWorker),
    ...['hitLatency.p99Micros', 'hitRate', 'missLatency.maxMicros'].map(ofWorker),
    ...['missLatency.p50Micros', 'missLatency.p90Micros', 'missLatency.p99Micros'].map(ofWorker),
    ...['arms.*.ratePerSecond', 'exhibits.*.columns.*.format', 'exhibits.*.rows.*.*'],
    ...['exhibits.*.series.*.points.*.*', 'exhibits.*.series.*.values.*', 'failure', 'verdict'],
    ...['verdict.findings.*.agrees', 'verdict.findings.*.claim', 'verdict.findings.*.expected'],
    ...['verdict.findings.*.measured', 'warnings.*.arm'],
  ]);
});

function ofWorker(figure: string): string {
  return `arms.*.phases.*.workers.*.${figure}`;
}

describe('a number', () => {
  const TRIED = [-1, 0, 0.5, 1, 1.5, 10_001, 2 ** 53];
  const numbers = fixed.filter(([, value]) => typeof value === 'number').map(([path]) => path);
  const kinds = Map.groupBy(numbers, (path) =>
    TRIED.filter((value) => accepts(path, value)).join(' '),
  );
  const of = (accepted: string) => distinct(kinds.get(accepted) ?? []);

  test('that is a count is whole, and not below nothing', () => {
    const counts = of('0 1 10001');
    expect(counts).toHaveLength(55);
    expect(counts).toContain('arms.*.connections');
    expect(counts).toContain('arms.*.phases.*.totals.misses.cold');
  });

  test('of workers is at least one, and no more than a page can draw', () => {
    expect(of('1')).toEqual([
      ...['arms.*.phases.*.audit.checks.*.slot', 'arms.*.phases.*.bins.workers.*.slot'],
      ...['arms.*.phases.*.events.*.slot', 'arms.*.phases.*.residency.slots.*'],
      ...['arms.*.phases.*.workers.*.slot', 'arms.*.round', 'arms.*.servers', 'arms.*.workers'],
    ]);
  });

  test('that is a share is from nothing to all', () => {
    expect(of('0 0.5 1')).toEqual([
      ...['arms.*.phases.*.keptRate', 'arms.*.phases.*.totals.hitRate'],
      ofWorker('hitRate'),
    ]);
  });

  test('is one of few, or has a least', () => {
    expect(of('0 1')).toEqual([
      ...['arms.*.phases.*.residency.changes.held.*', 'arms.*.phases.*.trace.avoidable.*'],
    ]);
    const amounts = of('0 0.5 1 1.5 10001');
    expect(amounts).toContain('durationMillis');
    expect(amounts.filter((path) => path.endsWith('.interval.step'))).toHaveLength(5);
    expect(of('-1 0 0.5 1 1.5 10001')).toContain('verdict.findings.*.measured');
    expect(of('1 10001')).toEqual(['arms.*.phases.*.bins.requestsPerBin']);
    expect(of('-1 0 1 10001')).toEqual(['arms.*.workload.seed', 'seed']);
    // Only what they are already.
    expect(of('').filter((path) => !path.endsWith('.interval.share'))).toEqual(['version']);
    expect(of('')).toHaveLength(6);
    expect(kinds.size).toBe(9);
  });
});

describe('a text', () => {
  const free = fixed
    .filter(([path, value]) => typeof value === 'string' && accepts(path, 'An other'))
    .map(([path]) => path);
  const strings = fixed.filter(([, value]) => typeof value === 'string').map(([path]) => path);

  test('of these is a word from a list, or a name that means nothing in files and addresses', () => {
    expect(distinct(strings.filter((path) => !free.includes(path)))).toEqual([
      ...['arms.*.backend', 'arms.*.launcher', 'arms.*.persistence'],
      ...['arms.*.phases.*.expected.hitRate.by', 'arms.*.phases.*.expected.hitRate.interval.kind'],
      ...['arms.*.phases.*.expected.misses.by', 'arms.*.phases.*.expected.misses.interval.kind'],
      ...['hitRate.by', 'hitRate.interval.kind', 'misses.by', 'misses.interval.kind'].map((each) =>
        ofWorker(`expected.${each}`),
      ),
      ...['arms.*.routing', 'arms.*.scheduling', 'arms.*.workload.popularity'],
      ...['exhibits.*.columns.*.format', 'exhibits.*.id', 'exhibits.*.kind'],
      ...['exhibits.*.rows.*.cells.*.state', 'exhibits.*.series.*.role', 'exhibits.*.x.format'],
      ...['exhibits.*.y.format', 'id', 'scenario.name', 'schema', 'startedAt', 'status'],
      ...['verdict.agreement', 'verdict.findings.*.expected.by'],
      ...['verdict.findings.*.expected.interval.kind', 'warnings.*.kind'],
    ]);
  });

  test.each([
    [
      ['scenario', 'name'],
      ['a', 'hit-rate', '3d', 'x'.repeat(61)],
      ['', '-a', 'A', 'a/b', 'x'.repeat(62)],
    ],
    [['id'], ['a', '2026-A', 'x'.repeat(121)], ['', '-a', 'a.b', 'a/b', 'x'.repeat(122)]],
    [
      ['startedAt'],
      ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.1Z', '2026-01-02T03:04:05.123Z'],
      ['2026-01-02', '2026-01-02T03:04:05', '2026-01-02T03:04:05.1234Z', 'x2026-01-02T03:04:05Z'],
    ],
    [['status'], ['running', 'complete', 'interrupted', 'failed'], ['done', '']],
    [
      ['verdict', 'agreement'],
      ['agrees', 'disagrees', 'not judged'],
      ['', 'open'],
    ],
    [
      ['exhibits', 0, 'series', 0, 'role'],
      ['measured', 'expected', 'computed'],
      ['', 'seen'],
    ],
    [
      ['arms', 0, 'phases', 0, 'expected', 'misses', 'by'],
      ['formula', 'model'],
      ['', 'hand'],
    ],
    [
      ['exhibits', 2, 'rows', 0, 'cells', 0, 'state'],
      ['good', 'bad', 'neutral', 'empty'],
      ['', 'fine'],
    ],
    [
      ['warnings', 0, 'kind'],
      [
        ...[
          'fewer-connections-than-workers',
          'idle-worker',
          'requests-lost',
          'generator-saturated',
        ],
        ...['local-cache-with-several-workers', 'expectation-missed', 'replay-differs', 'other'],
      ],
      ['', 'some'],
    ],
  ])('at %j is one of %j', (path, good, bad) => {
    expect(good.filter((text) => !accepts(path, text))).toEqual([]);
    expect(bad.filter((text) => accepts(path, text))).toEqual([]);
  });

  test('nothing follows a moment', () => {
    expect(accepts(['startedAt'], '2026-01-02T03:04:05Z ')).toBe(false);
    expect(accepts(['startedAt'], '2026-01-02T03:04:05xZ')).toBe(false);
  });
});

test('an option is a word, a number, a yes or no, nothing, or a list', () => {
  const option = (value: unknown) => accepts(['options', 'workers'], value);
  expect(['all', 4, true, null, [1, 'a'], []].map(option)).toEqual(new Array(6).fill(true));
  expect([{}, [null], [true]].map(option)).toEqual([false, false, false]);
});

test('the head of a record does without what was measured', () => {
  const { arms: _arms, exhibits: _exhibits, environment: _environment, ...listed } = full;
  const { options: _options, seed: _seed, ...head } = listed;
  expect(Value.Check(RunHead, head)).toBe(true);
  for (const name of Object.keys(head)) {
    const { [name as keyof typeof head]: _gone, ...rest } = head;
    expect(Value.Check(RunHead, rest), name).toBe(false);
  }
});
