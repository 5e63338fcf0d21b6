import type { Command } from 'commander';
import type { Fault } from './errors.ts';
import type { Output } from './output.ts';

const FORMATS = ['json', 'csv', 'markdown'] as const;

/** What standard output carries for a script or an issue, in the place of words. */
type Format = (typeof FORMATS)[number];

export type FormatFlags = { readonly [One in Format]?: boolean };

/** Adds `--json`, `--csv` and `--markdown`. */
export function addFormats(command: Command, json: string): Command {
  return command
    .option('--json', `${json} as JSON on standard output, text on standard error`)
    .option('--csv', 'likewise, the figures as CSV')
    .option('--markdown', 'likewise, a table to paste into an issue');
}

/** More than one format is a fault. */
export function formatFaults(flags: FormatFlags): Fault[] {
  const asked = FORMATS.filter((format) => flags[format]);
  if (asked.length < 2) return [];
  return [
    {
      message: `${asked.map((format) => `--${format}`).join(' and ')} exclude each other: standard output can carry only one.`,
      remedy: 'Choose one; "report" and "compare" give the others for a saved run.',
    },
  ];
}

/** The one that was asked for, if any. Words then go where they do not mix with it. */
export function useFormat(flags: FormatFlags, output: Output): Format | undefined {
  const asked = FORMATS.find((format) => flags[format]);
  if (asked) output.keepForScript();
  return asked;
}
