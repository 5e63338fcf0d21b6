import type { Command } from 'commander';

/** Where results go and how they are shown is no part of what they are. */
const NOT_REPEATED = ['json', 'out', 'quiet'];

/** The command line that gives the same figures again: the flags that a person gave. */
export function repeatCommand(command: Command): string {
  const flags = command.options.flatMap((option) => {
    const name = option.attributeName();
    if (command.getOptionValueSource(name) !== 'cli' || NOT_REPEATED.includes(name)) return [];
    const value = command.getOptionValue(name) as unknown;
    return [`${option.long} ${quoted(value === Infinity ? 'never' : String(value))}`];
  });
  return [`npm run lab -- ${command.name()}`, ...flags].join(' ');
}

/** As a shell takes it. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
