import { execFile, execFileSync } from 'node:child_process';
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Command } from 'commander';
import pc from 'picocolors';
import type { RunRecord } from '../../reports/record/schema.ts';
import { loadScenarios, SCENARIO_NAMES } from '../../scenarios/index.ts';
import type { ScenarioOptions } from '../../scenarios/kit/contract.ts';
import { flagOf } from '../console/options.ts';
import { type Comparison, compareDecided } from './compare-decided.ts';
import { decidedBySeed } from './decided-by-seed.ts';

/**
 * `npm run compare:commits -- <before> <after>`: runs every scenario, small, at two commits with one
 * seed, and compares what the seed decides. For a change of the code that should change no result.
 */

const ROOT = path.join(import.meta.dirname, '../..');
/** As `npm run lab` starts it. */
const LAB = ['--disable-warning=TimeoutNegativeWarning', path.join('lab', 'cli.ts')];
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

interface Flags {
  readonly scenario: string;
  readonly seed: string;
}

new Command('compare:commits')
  .description('Runs every scenario at two commits; fails where what the seed decides differs.')
  .argument('<before>', 'a commit, or a folder where npm ci was run')
  .argument('<after>', 'a commit, or a folder where npm ci was run')
  .option('-s, --scenario <list>', 'which scenarios', SCENARIO_NAMES.join(','))
  .option('--seed <n>', 'the seed of both', '7')
  .action(async (before: string, after: string, { scenario, seed }: Flags) => {
    const temporary = mkdtempSync(path.join(tmpdir(), 'compare-'));
    try {
      const folders = [before, after].map((given, i) =>
        checkout(given, path.join(temporary, ['before', 'after'][i]!)),
      );
      for (const name of scenario.split(',')) {
        // Side by side: nothing that is compared depends on how long anything takes.
        const records = folders.map((folder) => recordOf(name, { folder, seed, temporary }));
        // Both are over before anything is removed.
        await Promise.allSettled(records);
        const [old, now] = (await Promise.all(records)).map(decidedBySeed);
        const comparison = compareDecided(old!, now!);
        process.stdout.write(told(name, comparison));
        if (comparison.differences.length > 0) process.exitCode = 1;
      }
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  })
  .parseAsync();

/** The folder with the code: the one given, or a new one with what was committed. */
function checkout(given: string, target: string): string {
  if (existsSync(path.join(given, 'package.json'))) return path.resolve(given);
  mkdirSync(target);
  const archive = `${target}.tar`;
  execFileSync('git', ['archive', '--output', archive, given], { cwd: ROOT });
  execFileSync('tar', ['-xf', archive, '-C', target]);
  if (needsOtherPackages(target)) {
    execFileSync('npm', ['ci', '--omit=dev'], { cwd: target, stdio: 'inherit' });
  } else {
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(target, 'node_modules'));
  }
  return target;
}

/** Whether a package that this code runs with is not installed here in exactly that version. */
function needsOtherPackages(folder: string): boolean {
  const { dependencies } = readJson(path.join(folder, 'package.json')) as {
    dependencies: Record<string, string>;
  };
  return Object.entries(dependencies).some(([name, version]) => {
    const file = path.join(ROOT, 'node_modules', name, 'package.json');
    return !existsSync(file) || (readJson(file) as { version: string }).version !== version;
  });
}

/** Runs a scenario in its smallest size that still shows something, and reads what it saved. */
async function recordOf(
  name: string,
  { folder, seed, temporary }: { folder: string; seed: string; temporary: string },
): Promise<RunRecord> {
  const [scenario] = await loadScenarios([name]);
  const out = mkdtempSync(path.join(temporary, 'out-'));
  const flags = Object.entries(scenario!.quick ?? {}).flatMap(([field, value]) => [
    flagOf(field as keyof ScenarioOptions),
    value === null ? 'never' : String(value),
  ]);
  const given = ['--scenario', name, ...flags, '--seed', seed, '--out', out, '--quiet'];
  const stderr = await runLab(folder, given);
  const [file] = globSync(path.join(out, '*', 'record.json'));
  const record = file === undefined ? null : (readJson(file) as RunRecord);
  if (record?.status !== 'complete') {
    throw new Error(`${name} did not come to its end in ${folder}:\n${stderr}`);
  }
  return record;
}

/**
 * Gives back what the lab told on standard error. It may exit with 1 because chance left an interval;
 * that is not what is compared. A signal is handed on: the lab then ends what it started.
 */
async function runLab(folder: string, flags: readonly string[]): Promise<string> {
  const running = promisify(execFile)(process.execPath, [...LAB, ...flags], { cwd: folder });
  const stop = () => running.child.kill('SIGTERM');
  for (const signal of SIGNALS) process.on(signal, stop);
  const { stderr } = await running.catch((error: { stderr: string }) => error);
  for (const signal of SIGNALS) process.off(signal, stop);
  return stderr;
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function told(name: string, { compared, keys, byChance, differences }: Comparison): string {
  const result = differences.length === 0 ? pc.green('same   ') : pc.red('DIFFERS');
  return [
    `${name.padEnd(14)} ${result}  ${compared} values with ${keys} keys; ${byChance} left to chance`,
    ...differences.map((difference) => `    ${difference}`),
    '',
  ].join('\n');
}
