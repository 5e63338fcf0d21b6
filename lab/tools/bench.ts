import { globSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import pc from 'picocolors';

/** A benchmark: a file `*.bench.ts` beside what it measures, with these two exports. */
interface Benchmark {
  readonly title: string;
  run(print: (line: string) => void): Promise<void>;
}

const root = path.join(import.meta.dirname, '../..');

new Command('bench')
  .description(
    'Measures speed, as ratios within one run. Shows figures; never fails for being slow.',
  )
  .argument('[name...]', 'only benchmarks whose path contains one of these')
  .action(async (names: string[]) => {
    const files = globSync('{lab,server,scenarios,reports}/**/*.bench.ts', { cwd: root }).sort();
    const wanted = files.filter(
      (file) => names.length === 0 || names.some((name) => file.includes(name)),
    );
    if (wanted.length === 0)
      throw new Error(`No benchmark is called so; there are: ${files.join(', ')}`);
    for (const file of wanted) {
      const benchmark = (await import(pathToFileURL(path.join(root, file)).href)) as Benchmark;
      process.stdout.write(`${pc.bold(benchmark.title)}  ${pc.dim(file)}\n`);
      await benchmark.run((line) => process.stdout.write(`  ${line}\n`));
      process.stdout.write('\n');
    }
  })
  .parseAsync();
