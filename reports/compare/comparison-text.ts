import { type Format, formatValue, inPoints, points, UNKNOWN } from '../record/format.ts';
import { type ColumnOf, type Table, tableOf } from '../record/table.ts';
import { csvOf } from '../text/csv.ts';
import { markdownTable, markdownText } from '../text/markdown.ts';
import { type Change, type ComparedRow, type Comparison, centre } from './comparison.ts';
import type { SpreadSource } from './spread.ts';

/** The comparison as a table for people: a row for each figure of each arm. */
export function comparisonTable({ runs, rows }: Comparison): Table {
  const [first, ...others] = runs.map(({ letter }) => letter);
  const mean = ({ samples, measure }: ComparedRow, run: number) =>
    formatValue(samples[run] ? centre(samples[run]) : null, measure.format);
  return tableOf<ComparedRow>(rows, [
    ['arm', ({ part }) => part],
    ['figure', ({ measure }) => measure.label],
    [first!, (row) => mean(row, 0), 'number'],
    ...others.flatMap((letter, index): ColumnOf<ComparedRow>[] => [
      [letter, (row) => mean(row, index + 1), 'number'],
      [
        `${letter} − ${first}`,
        ({ changes, measure }) => changeText(changes[index]!, measure.format),
        'number',
      ],
      ['so', ({ changes }) => verdictText(changes[index]!)],
    ]),
  ]);
}

/** What may be said of a difference, in words. */
export const VERDICTS: Record<Change['verdict'], string> = {
  better: 'better',
  worse: 'worse',
  other: 'differs',
  'not told': 'within the spread',
  same: 'the same',
};

function verdictText(change: Change | null): string {
  return change ? VERDICTS[change.verdict] : UNKNOWN;
}

/** Where the spreads of a comparison come from, each in a sentence. */
export function spreadNotes({ rows }: Comparison): string[] {
  const sources = new Set(rows.flatMap(({ changes }) => changes.map((change) => change?.source)));
  return (Object.keys(NOTES) as SpreadSource[])
    .filter((source) => sources.has(source))
    .map((source) => NOTES[source]);
}

const NOTES: Record<SpreadSource, string> = {
  rounds: '± is the 95 % interval of the difference of the means over the rounds (Welch).',
  expectation:
    '±ᵉ is from theory’s 95 % interval for one run, widened by how requests fell on the workers; give --rounds 5 to measure it instead.',
  unknown:
    '±? stands where the spread is not known: one run each, and no theory for it. Nothing is called better there; give --rounds 5.',
};

const MARKS: Record<SpreadSource, string> = { rounds: '', expectation: 'ᵉ', unknown: '?' };

/** `+12 ± 5`, `−7.4 points ±ᵉ 1.2`, `+1.2 ms ±?` */
export function changeText(change: Change | null, format: Format): string {
  if (change === null) return UNKNOWN;
  const sign = change.value > 0 ? '+' : change.value < 0 ? '−' : '±';
  const written = (value: number, share: (value: number) => string) =>
    format === 'percent' ? share(value) : formatValue(value, format);
  const distance = `${sign}${written(Math.abs(change.value), points)} ±${MARKS[change.source]}`;
  return change.halfWidth === null
    ? distance
    : `${distance} ${written(change.halfWidth, inPoints)}`;
}

/** The comparison as Markdown: what is compared, what differed, the table, its spreads. */
export function comparisonMarkdown(comparison: Comparison): string {
  const { runs, differences, cautions } = comparison;
  const parts = [
    runs.map(({ letter, record }) => `- **${letter}**: ${markdownText(record.command)}`).join('\n'),
    ...cautions.map((caution) => `⚠ ${markdownText(caution)}`),
    ...(differences.length > 0 ? [markdownTable(differenceTable(comparison)).trimEnd()] : []),
    markdownTable(comparisonTable(comparison)).trimEnd(),
    ...spreadNotes(comparison).map(markdownText),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** What differed before anything was measured. */
export function differenceTable({ runs, differences }: Comparison): Table {
  return tableOf(differences, [
    ['differs', ({ what }) => what],
    ...runs.map(
      ({ letter }, run): ColumnOf<Comparison['differences'][number]> => [
        letter,
        ({ values }) => values[run]!,
      ],
    ),
  ]);
}

/** A line for each figure of each arm of each run; differences are from the first run. */
export function comparisonCsv({ runs, rows }: Comparison): string {
  const head = [
    ...['arm', 'figure', 'run', 'id', 'rounds', 'mean', 'differenceFromFirst'],
    ...['halfWidth', 'spreadFrom', 'verdict'],
  ];
  const lines = rows.flatMap(({ part, measure, samples, changes }) =>
    samples.flatMap((sample, index) => {
      if (!sample) return [];
      const { letter, record } = runs[index]!;
      // The first has nothing to be apart from.
      const change = changes[index - 1] ?? null;
      return [
        [
          ...[part, measure.id, letter, record.id, sample.values.length, centre(sample)],
          ...[change?.value ?? null, change?.halfWidth ?? null],
          ...[change?.source ?? null, change?.verdict ?? null],
        ],
      ];
    }),
  );
  return csvOf([head, ...lines]);
}
