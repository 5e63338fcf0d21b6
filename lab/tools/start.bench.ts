import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { BenchmarkOptions } from './bench.ts';

export const title = 'What a person waits for: --help, the first worker, the whole of --workers 4';

const ROUNDS = 5;
/** How often the run's folder is looked at, and so how exact the first worker's time is. */
const LOOK_MILLIS = 5;

/** One measurement of each, in milliseconds. */
interface Waits {
  /** `lab --help`, without npm, which adds the same to all. */
  readonly help: number;
  /** From the command to the first worker that listens. */
  readonly firstWorker: number;
  readonly whole: number;
}

/** This checkout and, with `--against`, another one take turns; the first round fills the caches. */
export async function run(
  print: (line: string) => void,
  { against }: BenchmarkOptions = {},
): Promise<void> {
  const here = path.join(import.meta.dirname, '../..');
  const folders = against === undefined ? [here] : [here, path.resolve(against)];
  const waits = folders.map((): Waits[] => []);
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [i, folder] of folders.entries()) {
      const one = await measured(folder);
      if (round > 0) waits[i]!.push(one);
    }
  }
  for (const wait of ['help', 'firstWorker', 'whole'] as const) {
    const [own, other] = waits.map((all) => all.map((one) => one[wait]));
    print(`${NAMES[wait]}: ${spread(own!)}${other ? `; there ${spread(other)}` : ''}`);
  }
  const ratios = waits[1]?.map((other, i) => waits[0]![i]!.whole / other.whole);
  if (ratios) print(`whole, here to there, pair by pair: ${median(ratios).toFixed(2)}`);
}

const NAMES = { help: '--help', firstWorker: 'first worker listens', whole: 'the whole command' };

async function measured(folder: string): Promise<Waits> {
  // Its own temporary folder tells its sockets from those of any other lab.
  const temporary = mkdtempSync(path.join(tmpdir(), 'start-'));
  try {
    const help = await lab(folder, temporary, ['--help']).ended;
    const out = path.join(temporary, 'out');
    const command = lab(folder, temporary, ['--workers', '4', '--quiet', '--out', out]);
    const firstWorker = await Promise.race([listening(temporary, command.signal), command.ended]);
    return { help, firstWorker, whole: await command.ended };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Starts the lab of a folder; `ended` is how long it took, and `signal` tells that it has ended. */
function lab(folder: string, temporary: string, flags: readonly string[]) {
  const started = performance.now();
  const over = new AbortController();
  const child = spawn(process.execPath, [path.join('lab', 'cli.ts'), ...flags], {
    cwd: folder,
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve(performance.now() - started);
      else reject(new Error(`lab ${flags.join(' ')} exited with ${code} in ${folder}`));
    });
  }).finally(() => over.abort());
  return { ended, signal: over.signal };
}

/** How long it took until a Unix socket of any worker was there, in milliseconds. */
async function listening(temporary: string, signal: AbortSignal): Promise<number> {
  const started = performance.now();
  while (!signal.aborted) {
    const names = readdirSync(temporary, { recursive: true }) as string[];
    if (names.some((name) => name.endsWith('.sock'))) break;
    await delay(LOOK_MILLIS);
  }
  return performance.now() - started;
}

function spread(millis: readonly number[]): string {
  const sorted = millis.toSorted((a, b) => a - b);
  return `median ${median(millis).toFixed(0)} ms (${sorted[0]!.toFixed(0)} to ${sorted.at(-1)!.toFixed(0)})`;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
