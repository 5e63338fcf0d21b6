import { runCommandLine } from './command-line.ts';
import { commandContext } from './commands/context.ts';
import { Output } from './console/output.ts';

/* The program `npm run lab`; the only place of the lab that exits. */

const output = new Output(process);
const exitCode = await runCommandLine(process.argv.slice(2), commandContext(output));
await output.flush();
process.exit(exitCode);
