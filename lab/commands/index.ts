import path from 'node:path';
import type { Command } from 'commander';
import { LabCommand } from '../console/flags.ts';
import { missingFaults, outFaults, outFlag } from '../console/out-folder.ts';
import { shown } from '../console/shown-path.ts';
import { updateIndex } from '../run/publish.ts';
import type { CommandContext } from './context.ts';

/** `index`: makes the list of all runs anew. */
export function defineCommand({ output }: CommandContext): Command {
  return new LabCommand('index')
    .option(...outFlag('where the runs are'))
    .action(async ({ out }: { out: string }, command: LabCommand) => {
      command.refuse(missingFaults(out));
      command.refuse(outFaults(out));
      output.say(`${shown(await updateIndex(path.resolve(out)))}\n`);
    });
}
