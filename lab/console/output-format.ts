import { type Command, Option } from 'commander';
import { usageError } from './errors.ts';

/** What standard output carries: words for a person, or one of these for a script or an issue. */
export type OutputFormat = 'words' | 'json' | 'csv' | 'markdown';

export interface FormatFlags {
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly markdown?: boolean;
}

const FORMATS = ['json', 'csv', 'markdown'] as const;

/** Adds `--json`, `--csv` and `--markdown`. */
export function addFormats(command: Command, json: string): Command {
  return command
    .addOption(new Option('--json', `${json} as JSON on standard output, words on standard error`))
    .addOption(new Option('--csv', 'the same for the figures as CSV'))
    .addOption(new Option('--markdown', 'the same for a table to paste into an issue'));
}

/** The one that was asked for; throws a usage error for more than one. */
export function outputFormat(flags: FormatFlags): OutputFormat {
  const asked = FORMATS.filter((format) => flags[format]);
  if (asked.length > 1) {
    throw usageError(
      `${asked.map((format) => `--${format}`).join(' and ')} exclude each other: standard output can carry only one.`,
      'Choose one; "report" and "compare" give the others of a saved run.',
    );
  }
  return asked[0] ?? 'words';
}

/** Writes words for a person where they do not mix with what a script reads. */
export function printerFor(format: OutputFormat): (text: string) => void {
  const stream = format === 'words' ? process.stdout : process.stderr;
  return (text) => void stream.write(text);
}
