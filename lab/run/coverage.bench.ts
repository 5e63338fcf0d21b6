import path from 'node:path';
import { missesOf } from '../../reports/record/tally.ts';
import { hitRate } from '../../scenarios/hit-rate/scenario.ts';
import { planArm } from '../../scenarios/kit/arms.ts';
import { generateDatabase } from '../../server/origin/database.ts';
import { DEFAULTS } from '../console/options.ts';
import { Output } from '../console/output.ts';
import { createProgress } from '../console/progress.ts';
import { loadLauncher } from '../fleet/index.ts';
import { measureArm } from './arm.ts';
import { createRunFolder } from './run-folder.ts';

export const title = 'Measured against expected on real processes: hit rate over 20 seeds';

const SEEDS = 20;
const WORKERS = [1, 2, 4, 8, 16];
const REQUESTS = 2_000;

/** What one run was off by, in points of the hit rate, and whether its 95 % interval held it. */
interface Run {
  readonly points: number;
  readonly inside: boolean;
}

/** Takes some minutes: 100 fleets are started. The arms of a seed follow each other. */
export async function run(print: (line: string) => void): Promise<void> {
  const runs = new Map<number, Run[]>(WORKERS.map((workers) => [workers, []]));
  for (let seed = 1; seed <= SEEDS; seed++) {
    for (const [workers, ofWorkers] of runs) ofWorkers.push(await measure(workers, seed));
  }
  for (const [workers, ofWorkers] of runs) print(line(`N = ${workers}`, ofWorkers));
  print(line('all', [...runs.values()].flat()));
  print('aim: the mean within 0.3 points, 90 to 99 % of the runs inside their interval');
}

async function measure(workers: number, seed: number): Promise<Run> {
  const run = createRunFolder();
  try {
    const database = path.join(run.path, 'origin.sqlite');
    generateDatabase(database, { users: DEFAULTS.keys, seed });
    const plan = planArm(DEFAULTS, { name: `${workers}`, workers, seed, requests: REQUESTS });
    const arm = await measureArm(hitRate, plan, {
      runFolder: run.path,
      database,
      port: 0,
      services: {},
      launcherOf: loadLauncher,
      progress: createProgress(new Output(process), { quiet: true }),
      signal: new AbortController().signal,
    });
    const { totals, expected } = arm.phases[0]!;
    const { misses, hitRate: rate } = expected!;
    const missed = missesOf(totals);
    return {
      points: 100 * (totals.hitRate! - rate.value),
      inside: missed >= misses.low && missed <= misses.high,
    };
  } finally {
    run.remove();
  }
}

function line(name: string, runs: readonly Run[]): string {
  const mean = runs.reduce((sum, { points }) => sum + points, 0) / runs.length;
  const inside = runs.filter((one) => one.inside).length;
  return `${name.padEnd(6)} mean of measured − expected ${mean.toFixed(2)} points; ${inside} of ${runs.length} runs (${((100 * inside) / runs.length).toFixed(0)} %) inside their 95 % interval`;
}
