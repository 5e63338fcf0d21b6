import path from 'node:path';
import type { Command } from 'commander';
import pc from 'picocolors';
import { comparePage, summary } from '../../reports/compare/compare-page.ts';
import { type Comparison, compareRecords } from '../../reports/compare/comparison.ts';
import {
  comparisonCsv,
  comparisonMarkdown,
  comparisonTable,
  differenceTable,
  spreadNotes,
} from '../../reports/compare/comparison-text.ts';
import { writeWhole } from '../../reports/record/write.ts';
import { COMPARISONS } from '../../reports/runs/run-list.ts';
import { usageError } from '../console/errors.ts';
import { LabCommand } from '../console/flags.ts';
import { outFaults, outFlag } from '../console/out-folder.ts';
import { addFormats, type FormatFlags, formatFaults, useFormat } from '../console/output-format.ts';
import { shown } from '../console/shown-path.ts';
import { terminalTable } from '../console/table.ts';
import { updateIndex } from '../run/publish.ts';
import { timestamp } from '../run/run.ts';
import type { CommandContext } from './context.ts';
import { openRecord, resolveRecordFile } from './report.ts';

/** As many as there are letters to name them, and more than a table can hold. */
const MOST_RUNS = 8;

/** The names of eight scenarios could be more than a file system takes. */
const LONGEST_NAMES = 120;

interface CompareFlags extends FormatFlags {
  readonly out: string;
  readonly open?: boolean;
}

/** `compare A B …`: saved runs side by side. */
export function defineCommand(context: CommandContext): Command {
  const command = new LabCommand('compare')
    .argument('<records...>', 'two or more: a record.json, or the folder of a run')
    .option(...outFlag('where the page goes'))
    .option('--open', 'open the page in the browser');
  return addFormats(command, 'the comparison').action((given: string[], flags: CompareFlags) => {
    command.refuse(formatFaults(flags), outFaults(flags.out));
    return compare(given, flags, context);
  });
}

async function compare(
  given: readonly string[],
  flags: CompareFlags,
  { output }: CommandContext,
): Promise<void> {
  const format = useFormat(flags, output);
  if (given.length < 2 || given.length > MOST_RUNS) {
    throw usageError(
      `compare takes 2 to ${MOST_RUNS} runs; ${given.length === 1 ? '1 was' : `${given.length} were`} given.`,
      'Name the folders of the runs, e.g. two under reports/out.',
    );
  }
  const records = given.map((one) => openRecord(resolveRecordFile(one)));
  const outFolder = path.resolve(flags.out);
  const comparison = compareRecords(records);
  const names = [...new Set(records.map((record) => record.scenario.name))].join('-');
  const name = `${timestamp(new Date())}-${names.slice(0, LONGEST_NAMES)}.html`;
  const page = await writeWhole(path.join(outFolder, COMPARISONS, name), comparePage(comparison));
  await updateIndex(outFolder);
  output.say(`${describe(comparison)}\nPage     ${shown(page)}\n`);
  const said = {
    json: () => `${JSON.stringify({ ...jsonOf(comparison), page })}\n`,
    csv: () => comparisonCsv(comparison),
    markdown: () => comparisonMarkdown(comparison),
  };
  if (format) output.give(said[format]());
  if (flags.open) await (await import('open')).default(page);
}

function describe(comparison: Comparison): string {
  const parts = [
    comparison.runs
      .map(({ letter, record }) => `${pc.bold(letter)}  ${record.id}\n   ${record.command}`)
      .join('\n'),
    ...comparison.cautions.map((caution) => `${pc.yellow('Warning')}: ${caution}`),
    comparison.differences.length > 0
      ? terminalTable(differenceTable(comparison))
      : 'They have the same scenario, options and machine.',
    ...(comparison.rows.length > 0 ? [terminalTable(comparisonTable(comparison))] : []),
    spreadNotes(comparison).join('\n'),
    summary(comparison),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** Without the records themselves, which lie where they were. */
function jsonOf({ runs, rows, ...rest }: Comparison) {
  return {
    runs: runs.map(({ letter, record }) => ({
      letter,
      id: record.id,
      scenario: record.scenario.name,
      command: record.command,
      verdict: record.verdict,
    })),
    ...rest,
    figures: rows.map(({ part, measure, samples, changes }) => ({
      arm: part,
      figure: measure.id,
      runs: samples.map((sample) => sample?.values ?? null),
      changes,
    })),
  };
}
