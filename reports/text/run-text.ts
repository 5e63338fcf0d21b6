import type { Cell, Table } from '../figures/figure.ts';
import { missesOf, runParts } from '../figures/run-parts.ts';
import { visible } from '../page/html.ts';
import type { Expectation, RunRecord, Totals, WorkerFigures } from '../record/schema.ts';
import { csvOf } from './csv.ts';
import { markdownTable, markdownText } from './markdown.ts';

/** A run as Markdown to be pasted: question, verdict, a row for each arm, and how to repeat it. */
export function runMarkdown(record: RunRecord): string {
  const { scenario, verdict, environment, warnings } = record;
  const tables = record.arms.length > 0 ? [armTable(record)] : exhibitTables(record);
  const parts = [
    `### ${markdownText(scenario.question)}`,
    verdict ? `${MARKS[verdict.agreement]} ${markdownText(verdict.sentence)}` : noVerdict(record),
    ...tables.map((table) => markdownTable(table).trimEnd()),
    ...warnings.map(({ message }) => `⚠ ${markdownText(message)}`),
    // Indented: a code block that nothing in it can end.
    `    ${visible(record.command).replaceAll('\n', ' ')}`,
    `Node ${environment.node}, ${markdownText(environment.cpu)}, ${environment.cores} cores`,
  ];
  return `${parts.join('\n\n')}\n`;
}

const MARKS = { agrees: '✔', disagrees: '✘', 'not judged': '·' } as const;

function noVerdict({ status, failure }: RunRecord): string {
  return `✘ ${status}${failure === null ? '' : `: ${markdownText(failure)}`}`;
}

function armTable(record: RunRecord): Table {
  return {
    columns: [
      { label: 'arm' },
      { label: 'requests', format: 'count' },
      { label: 'hit rate', format: 'percent' },
      { label: 'expected', format: 'percent' },
      { label: 'misses', format: 'count' },
      { label: 'origin queries', format: 'count' },
      { label: 'entries', format: 'count' },
      { label: 'copies of each', format: 'number' },
      { label: 'requests/s', format: 'count' },
    ],
    rows: runParts(record).map(({ label, phase: { totals, expected, requestsPerSecond } }) => [
      label,
      totals.requests,
      totals.hitRate,
      expected?.hitRate.value ?? null,
      missesOf(totals),
      totals.originQueries,
      totals.entries,
      totals.duplicationFactor,
      requestsPerSecond,
    ]),
  };
}

/** What was computed and not measured has its figures in tables of its own. */
function exhibitTables({ exhibits }: RunRecord): Table[] {
  return exhibits.flatMap((exhibit) =>
    exhibit.kind === 'table'
      ? [{ columns: exhibit.columns.map((label) => ({ label })), rows: exhibit.rows as Cell[][] }]
      : [],
  );
}

/**
 * The figures of runs as CSV: a line for each worker of each phase of each arm, and one for all
 * workers together. Names and units are the record's.
 */
export function runsCsv(records: readonly RunRecord[]): string {
  const measured = records.filter((record) => record.arms.length > 0);
  const computed = records.filter((record) => record.arms.length === 0).flatMap(exhibitTables);
  const lines = measured.flatMap(figureRows);
  return [
    ...(lines.length > 0 ? [csvOf([CSV_COLUMNS, ...lines])] : []),
    ...computed.map(({ columns, rows }) =>
      csvOf([columns.map((column) => column.label), ...(rows as (string | number | null)[][])]),
    ),
  ].join('\r\n');
}

const CSV_COLUMNS = [
  ...['run', 'scenario', 'seed', 'arm', 'round', 'phase', 'workers', 'launcher', 'backend'],
  ...['routing', 'slot', 'connections', 'requests', 'hits', 'cold', 'expired', 'evicted'],
  ...['errors', 'hitRate', 'expectedHitRate', 'expectedMisses', 'expectedMissesLow'],
  ...['expectedMissesHigh', 'originQueries', 'entries', 'uniqueEntries', 'duplicationFactor'],
  ...['durationMillis', 'requestsPerSecond', 'hitP50Micros', 'hitP99Micros', 'missP50Micros'],
  ...['missP99Micros', 'rssBytes'],
];

type Field = string | number | null;

function figureRows(record: RunRecord): Field[][] {
  return runParts(record).flatMap(({ arm, phase }) => {
    const common: Field[] = [record.id, record.scenario.name, record.seed, arm.name, arm.round];
    common.push(phase.name, arm.workers, arm.launcher, arm.backend, arm.routing);
    const { totals } = phase;
    const all: Field[] = [
      ...common,
      'all',
      arm.connections,
      ...outcomes(totals),
      ...expectation(phase.expected),
      ...[totals.originQueries, totals.entries, totals.uniqueEntries, totals.duplicationFactor],
      ...[phase.durationMillis, phase.requestsPerSecond, null, null, null, null],
      phase.workers.reduce((bytes, worker) => bytes + worker.rssBytes, 0),
    ];
    return [...phase.workers.map((worker) => [...common, ...workerRow(worker)]), all];
  });
}

function workerRow(worker: WorkerFigures): Field[] {
  return [
    worker.slot,
    worker.connections,
    ...outcomes(worker),
    ...expectation(worker.expected ?? null),
    ...[worker.originQueries, worker.entries, null, null, null, null],
    ...[worker.hitLatency.p50Micros, worker.hitLatency.p99Micros],
    ...[worker.missLatency.p50Micros, worker.missLatency.p99Micros],
    worker.rssBytes,
  ];
}

function outcomes(figures: Totals | WorkerFigures): Field[] {
  const { requests, hits, misses, errors, hitRate } = figures;
  return [requests, hits, misses.cold, misses.expired, misses.evicted, errors, hitRate];
}

function expectation(expected: Expectation | null): Field[] {
  if (expected === null) return [null, null, null, null];
  const { hitRate, misses } = expected;
  return [hitRate.value, misses.value, misses.low, misses.high];
}
