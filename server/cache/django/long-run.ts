import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { DJANGO, findPython } from '../../django/python.ts';
import { CASES } from './cases.ts';
import { mustNotDiverge } from './compare.ts';
import { DjangoOracle } from './oracle.ts';
import { searchForDivergence } from './search.ts';

/**
 * `npm run test:django -- --operations 1000000 [--seed N]`. Exit code 0: no divergence; 1: one, or
 * no Django; 2: usage.
 */
export function command(): Command {
  return new Command('test:django')
    .description('Plays the named cases, then random sequences, on our cache and the real Django.')
    .option('--operations <count>', 'how many to compare, at least', wholeNumber(1), 100_000)
    .option('--seed <number>', 'what the sequences follow from', wholeNumber(0), someSeed())
    .exitOverride()
    .action(compare);
}

async function compare(wanted: { operations: number; seed: number }): Promise<void> {
  const search = findPython([DJANGO]);
  if ('missing' in search) throw new Error(`${search.missing} ${search.remedy}`);
  const oracle = new DjangoOracle(search.python);
  try {
    const { operations, seed } = wanted;
    print(`Django ${await oracle.version}, ${operations} operations, seed ${seed}`);
    for (const [name, sequence] of Object.entries(CASES)) {
      await mustNotDiverge(oracle, sequence).catch((error: Error) => {
        throw new Error(`${name}: ${error.message}`);
      });
    }
    const compared = await searchForDivergence({ oracle, ...wanted, progress: show });
    print(`\nNo divergence in ${compared} operations. To repeat: --seed ${seed}`);
  } finally {
    await oracle.stop();
  }
}

function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text);
    throw new InvalidArgumentError(`It must be a whole number from ${least} to 999999999.`);
  };
}

function someSeed(): number {
  return Date.now() % 1_000_000;
}

function show(operations: number): void {
  if (!process.stdout.isTTY) return;
  const perSecond = Math.round((1_000 * operations) / performance.now());
  process.stdout.write(`\r${operations} compared, ${perSecond}/s `);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

if (import.meta.main) {
  command()
    .parseAsync()
    .catch((error: Error) => {
      const isUsage = error instanceof CommanderError;
      if (!isUsage) process.stderr.write(`\n${error.message}\n`);
      process.exitCode = isUsage ? error.exitCode && 2 : 1;
    });
}
