import { Command } from 'commander';
import { outFlag, resolveOutFolder } from '../console/out-folder.ts';
import { shown } from '../console/shown-path.ts';
import { updateIndex } from '../run/publish.ts';

/** `index`: makes the list of all runs anew. */
export function indexCommand(): Command {
  return new Command('index')
    .description('list all runs with their verdicts in index.html')
    .addOption(outFlag('where the runs are'))
    .action(async ({ out }: { out: string }) => {
      process.stdout.write(`${shown(await updateIndex(resolveOutFolder(out)))}\n`);
    });
}
