import { globSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import pc from 'picocolors';

/** A benchmark: a file `*.bench.ts` beside what it measures, with these two exports. */
interface Benchmark {
  readonly title: string;
  run(print: (line: string) => void, options: BenchmarkOptions): Promise<void>;
}

/** What a benchmark may be told; most need nothing. */
export interface BenchmarkOptions {
  /** Another checkout, with its node_modules, to measure in turn with this one. */
  readonly against?: string;
}

const root = path.join(import.meta.dirname, '../..');

new Command('bench')
  .description(
    'Measures speed, as ratios within one run. Shows figures; never fails for being slow.',
  )
  .argument('[name...]', 'only benchmarks whose path contains one of these')
  .option('--against <folder>', 'another checkout, measured in turn where a benchmark can')
  .action(async (names: string[], options: BenchmarkOptions) => {
    const files = globSync('{lab,server,scenarios,reports}/**/*.bench.ts', { cwd: root }).sort();
    const wanted = files.filter(
      (file) => names.length === 0 || names.some((name) => file.includes(name)),
    );
    if (wanted.length === 0)
      throw new Error(`No benchmark is called so; there are: ${files.join(', ')}`);
    for (const file of wanted) {
      const benchmark = (await import(pathToFileURL(path.join(root, file)).href)) as Benchmark;
      process.stdout.write(`${pc.bold(benchmark.title)}  ${pc.dim(file)}\n`);
      await benchmark.run((line) => process.stdout.write(`  ${line}\n`), options);
      process.stdout.write('\n');
    }
  })
  .parseAsync();
