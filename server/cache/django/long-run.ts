import { parseArgs } from 'node:util';
import { CASES } from './cases.ts';
import { describeDivergence, findDivergence } from './compare.ts';
import { DjangoOracle, findPythonWithDjango } from './oracle.ts';
import { searchForDivergence } from './search.ts';

/**
 * `npm run test:django -- --operations 1000000 [--seed N]`: the named cases, then random sequences,
 * on our cache and on the real Django. Exit code 0: no divergence; 1: one, or no Django; 2: usage.
 */
async function main(): Promise<void> {
  const { operations, seed } = readOptions(process.argv.slice(2));
  const search = findPythonWithDjango();
  if ('missing' in search) throw new Error(search.missing);
  const oracle = new DjangoOracle(search.python);
  try {
    print(`Django ${await oracle.version}, ${operations} operations, seed ${seed}`);
    for (const [name, sequence] of Object.entries(CASES)) {
      const divergence = await findDivergence(oracle, sequence);
      if (divergence) throw new Error(`${name}: ${describeDivergence(sequence, divergence)}`);
    }
    const compared = await searchForDivergence({ oracle, operations, seed, progress: show });
    print(`\nNo divergence in ${compared} operations. To repeat: --seed ${seed}`);
  } finally {
    await oracle.stop();
  }
}

/** The command cannot be understood. */
export class UsageError extends Error {}

/** @throws UsageError for arguments that are none of its flags, or no whole numbers */
export function readOptions(args: string[]): { operations: number; seed: number } {
  try {
    const { values } = parseArgs({
      args,
      options: {
        operations: { type: 'string', default: '100000' },
        seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      },
    });
    return {
      operations: wholeNumber('operations', values.operations, 1),
      seed: wholeNumber('seed', values.seed, 0),
    };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function wholeNumber(flag: string, text: string, least: number): number {
  if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text);
  throw new Error(`--${flag} must be a whole number from ${least} to 999999999, not "${text}".`);
}

const started = process.hrtime.bigint();

function show(operations: number): void {
  if (!process.stdout.isTTY) return;
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  process.stdout.write(`\r${operations} compared, ${Math.round(operations / seconds)}/s `);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

if (import.meta.main) {
  main().catch((error: Error) => {
    process.stderr.write(`\n${error.message}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  });
}
