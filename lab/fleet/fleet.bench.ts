import { devNull } from 'node:os';
import path from 'node:path';
import { COMPILE_CACHE } from '../compile-cache.ts';
import { Child } from './child.ts';
import { newPlan } from './fixtures/plan.ts';
import { loadLauncher } from './index.ts';

export const title = 'Start of 4 workers until all answer';

const ROUNDS = 5;
/** What takes turns, with what it is to take at most. */
const CONTENDERS = {
  cluster: { start: () => startFleet('cluster'), aim: 'under 800 ms, and 1.3 × bare' },
  bare: { start: startBare, aim: null },
  pm2: { start: () => startFleet('pm2'), aim: 'under 2000 ms' },
};

/** The contenders take turns; the first start of each, which fills the compile cache, is shown apart. */
export async function run(print: (line: string) => void): Promise<void> {
  const times = Object.entries(CONTENDERS).map(([name, one]) => ({
    name,
    ...one,
    millis: [] as number[],
  }));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const { start, millis } of times) millis.push(await start());
  }
  for (const { name, aim, millis } of times) {
    const [first, ...rest] = millis;
    const { low, middle, high } = spread(rest);
    print(
      `${name}: median ${middle.toFixed(0)} ms (${low.toFixed(0)} to ${high.toFixed(0)}; ` +
        `the first ${first!.toFixed(0)})${aim ? `; aim: ${aim}` : ''}`,
    );
  }
  const [ours, bare] = times.map(({ millis }) => millis.slice(1));
  const { low, middle, high } = spread(ours!.map((millis, round) => millis / bare![round]!));
  print(
    `cluster to bare, pair by pair: ${middle.toFixed(2)} × (${low.toFixed(2)} to ${high.toFixed(2)})`,
  );
}

function spread(values: readonly number[]) {
  const sorted = values.toSorted((a, b) => a - b);
  return { low: sorted[0]!, middle: sorted[Math.floor(ROUNDS / 2)]!, high: sorted.at(-1)! };
}

async function startFleet(name: 'cluster' | 'pm2'): Promise<number> {
  const { run, plan } = newPlan({ workers: 4 });
  try {
    const launcher = await loadLauncher(name);
    const fleet = await launcher.start(plan, new AbortController().signal);
    await fleet.stop();
    return fleet.startMillis;
  } finally {
    run.remove();
  }
}

/** A Fastify with one route under node:cluster, until its 4 workers listen. */
async function startBare(): Promise<number> {
  const started = performance.now();
  const primary = new Child({
    args: [path.join(import.meta.dirname, 'fixtures/bare-cluster.ts')],
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE },
    log: devNull,
    whyEnded: () => new Error('The bare cluster could not start.'),
  });
  try {
    await primary.answer();
    return performance.now() - started;
  } finally {
    await primary.stop();
  }
}
