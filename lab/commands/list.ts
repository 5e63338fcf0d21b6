import { Command } from 'commander';
import pc from 'picocolors';
import { BACKEND_NAMES, CHOSEN_LAUNCHERS } from '../../reports/record/vocabulary.ts';
import { loadScenarios } from '../../scenarios/index.ts';
import type { CommandContext } from './context.ts';

/** `list`: what can be named in a flag. */
export function defineCommand({ output, launcherOf }: CommandContext): Command {
  return new Command('list').action(async () => {
    const lines = [pc.bold('Scenarios')];
    for (const { name, question, claims, seconds } of await loadScenarios()) {
      lines.push(`  ${name.padEnd(14)} ${question}`);
      lines.push(
        `  ${' '.repeat(14)} ${pc.dim(`claims ${claims.join(', ')}; about ${seconds} s`)}`,
      );
    }
    lines.push('', pc.bold('Launchers'));
    for (const name of CHOSEN_LAUNCHERS) {
      const { summary } = await launcherOf(name);
      lines.push(`  ${name.padEnd(14)} ${summary}`);
    }
    lines.push('', pc.bold('Backends'), `  ${BACKEND_NAMES.join(', ')}`);
    output.say(`${lines.join('\n')}\n`);
  });
}
