import { Command } from 'commander';
import pc from 'picocolors';
import { scenarios } from '../../scenarios/index.ts';
import { backendNames } from '../../server/cache/index.ts';
import { launcherNames, loadLauncher } from '../fleet/index.ts';

/** `list`: what can be named in a flag. */
export function listCommand(): Command {
  return new Command('list').description('scenarios, launchers and backends').action(async () => {
    const lines = [pc.bold('Scenarios')];
    for (const { name, question, claims, seconds } of Object.values(scenarios)) {
      lines.push(`  ${name.padEnd(14)} ${question}`);
      lines.push(
        `  ${' '.repeat(14)} ${pc.dim(`claims ${claims.join(', ')}; about ${seconds} s`)}`,
      );
    }
    lines.push('', pc.bold('Launchers'));
    for (const { name, summary } of await Promise.all(launcherNames.map(loadLauncher))) {
      lines.push(`  ${name.padEnd(14)} ${summary}`);
    }
    lines.push('', pc.bold('Backends'), `  ${backendNames.join(', ')}`);
    process.stdout.write(`${lines.join('\n')}\n`);
  });
}
