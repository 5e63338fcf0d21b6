import { Command } from 'commander';
import pc from 'picocolors';
import { BACKEND_NAMES } from '../../reports/record/vocabulary.ts';
import { loadScenarios } from '../../scenarios/index.ts';
import { launchers } from '../fleet/index.ts';

/** `list`: what can be named in a flag. */
export function listCommand(): Command {
  return new Command('list').description('scenarios, launchers and backends').action(async () => {
    const lines = [pc.bold('Scenarios')];
    for (const { name, question, claims, seconds } of await loadScenarios()) {
      lines.push(`  ${name.padEnd(14)} ${question}`);
      lines.push(
        `  ${' '.repeat(14)} ${pc.dim(`claims ${claims.join(', ')}; about ${seconds} s`)}`,
      );
    }
    lines.push('', pc.bold('Launchers'));
    for (const { name, summary } of Object.values(launchers)) {
      lines.push(`  ${name.padEnd(14)} ${summary}`);
    }
    lines.push('', pc.bold('Backends'), `  ${BACKEND_NAMES.join(', ')}`);
    process.stdout.write(`${lines.join('\n')}\n`);
  });
}
