import { Command } from 'commander';
import pc from 'picocolors';
import { BACKEND_NAMES, CHOSEN_LAUNCHERS } from '../../reports/record/vocabulary.ts';
import { loadScenarios } from '../../scenarios/index.ts';
import { LabError } from '../console/errors.ts';
import type { Launcher } from '../fleet/fleet.ts';
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
      const launcher = await launcherOf(name);
      lines.push(`  ${name.padEnd(14)} ${launcher.summary}`);
      if (launcher.needs) lines.push(`  ${' '.repeat(14)} ${pc.dim(thereIs(launcher))}`);
    }
    lines.push('', pc.bold('Backends'), `  ${BACKEND_NAMES.join(', ')}`);
    output.say(`${lines.join('\n')}\n`);
  });
}

/** What a launcher needs of the machine, or how to get it. */
function thereIs(launcher: Launcher): string {
  try {
    return `here: ${launcher.needs!()}`;
  } catch (error) {
    if (error instanceof LabError) return `${error.message} ${error.remedy}`;
    throw error;
  }
}
