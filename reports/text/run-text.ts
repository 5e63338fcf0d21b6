import { runParts } from '../figures/run-parts.ts';
import { visible } from '../page/html.ts';
import { agreementInWords } from '../record/distance.ts';
import { expectedColumns, measureColumns } from '../record/measure-columns.ts';
import {
  expectedId,
  expectedOf,
  MEASURES,
  measuredOf,
  type Part,
  SHOWN,
} from '../record/measures.ts';
import type { Arm, RunRecord, Verdict } from '../record/schema.ts';
import { type Table, tableOf } from '../record/table.ts';
import { csvOf } from './csv.ts';
import { markdownTable, markdownText } from './markdown.ts';

/** A run as Markdown to be pasted: question, verdict, a row for each arm, and how to repeat it. */
export function runMarkdown(record: RunRecord): string {
  const { scenario, verdict, environment, warnings } = record;
  const tables = record.arms.length > 0 ? [armTable(record)] : exhibitTables(record);
  const parts = [
    `### ${markdownText(scenario.question)}`,
    verdict ? verdictText(verdict) : noVerdict(record),
    ...tables.map((table) => markdownTable(table).trimEnd()),
    ...warnings.map(({ message }) => `⚠ ${markdownText(message)}`),
    // Indented: a code block that nothing in it can end.
    `    ${visible(record.command).replaceAll('\n', ' ')}`,
    markdownText(`Node ${environment.node}, ${environment.cpu}, ${environment.cores} cores`),
  ];
  return `${parts.join('\n\n')}\n`;
}

function verdictText({ agreement, sentence, findings }: Verdict): string {
  return `${MARKS[agreement]} ${markdownText(`${sentence} ${agreementInWords(findings)}`.trim())}`;
}

const MARKS = { agrees: '✔', disagrees: '✘', 'not judged': '·' } as const;

function noVerdict({ status, failure }: RunRecord): string {
  return `✘ ${status}${failure === null ? '' : `: ${markdownText(failure)}`}`;
}

function armTable(record: RunRecord): Table {
  return tableOf(runParts(record), [
    ['arm', ({ label }) => label],
    ...SHOWN.markdown.flatMap((measure) => [
      ...measureColumns([measure]),
      ...(measure.expected ? expectedColumns(measure).slice(0, 1) : []),
    ]),
  ]);
}

/** What was computed and not measured has its figures in tables of its own. */
function exhibitTables({ exhibits }: RunRecord): Table[] {
  return exhibits.flatMap((exhibit) => (exhibit.kind === 'table' ? [exhibit] : []));
}

/**
 * The figures of runs as CSV: a line for each worker of each phase of each arm, and one for all
 * workers together. Names and units are the record's.
 */
export function runsCsv(records: readonly RunRecord[]): string {
  const computed = records.filter((record) => record.arms.length === 0).flatMap(exhibitTables);
  const lines = records.flatMap(figureRows);
  return [
    ...(lines.length > 0 ? [csvOf([CSV_COLUMNS, ...lines])] : []),
    ...computed.map(({ columns, rows }) => csvOf([columns.map((column) => column.label), ...rows])),
  ].join('\r\n');
}

type Field = string | number | null;

/** What tells a line from the others; the measures follow. */
const IDENTITY: readonly (readonly [string, (line: Line) => Field])[] = [
  ['run', ({ record }) => record.id],
  ['scenario', ({ record }) => record.scenario.name],
  ['seed', ({ record }) => record.seed],
  ['arm', ({ arm }) => arm.name],
  ['round', ({ arm }) => arm.round],
  ['phase', ({ phase }) => phase.name],
  ['workers', ({ arm }) => arm.workers],
  ['servers', ({ arm }) => arm.servers],
  ['launcher', ({ arm }) => arm.launcher],
  ['backend', ({ arm }) => arm.backend],
  ['routing', ({ arm }) => arm.routing],
  ['slot', ({ worker }) => worker?.slot ?? 'all'],
];

interface Line extends Part {
  readonly record: RunRecord;
  readonly arm: Arm;
}

/** `hitRate`, and for what theory speaks of also `expectedHitRate`, …`Low`, …`High`. */
const CSV_COLUMNS: readonly string[] = [
  ...IDENTITY.map(([name]) => name),
  ...Object.values(MEASURES).flatMap(({ id, expected }) =>
    expected ? [id, ...['', 'Low', 'High'].map((end) => `${expectedId(id)}${end}`)] : [id],
  ),
];

function figureRows(record: RunRecord): Field[][] {
  return runParts(record).flatMap(({ arm, phase }) =>
    [...phase.workers, null].map((worker) => csvLine({ record, arm, phase, worker })),
  );
}

function csvLine(line: Line): Field[] {
  return [
    ...IDENTITY.map(([, of]) => of(line)),
    ...Object.values(MEASURES).flatMap((measure) => {
      const value = measuredOf(measure, line);
      if (!measure.expected) return [value];
      const estimate = expectedOf(measure, line);
      return [value, estimate?.value ?? null, estimate?.low ?? null, estimate?.high ?? null];
    }),
  ];
}
