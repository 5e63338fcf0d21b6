import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { createKeySampler } from '../../scenarios/theory/key-sampler.ts';
import { hotSetShares, popularityShares } from '../../scenarios/theory/popularity.ts';
import { RecencyStack } from '../../scenarios/theory/recency-stack.ts';
import { groupShares } from '../../scenarios/theory/share-groups.ts';
import { steadyState } from '../../scenarios/theory/steady-state.ts';

export const title = 'Forecast: the formulas against brute force, in points of hit rate';

const KEYS = 20_000;
const REQUESTS = 3_000_000;
const REQUESTS_PER_SECOND = 100;
const SIZES = [3, 10, 30, 100, 300, 1_000, 3_000, 10_000];
const CULLS = [0, 1, 2, 3, 10, 'lru'] as const;
const WORST = 20;
const AIM = 0.2;
const TIMEOUTS = [null, 20, 300];
const WORKERS = [1, 4, 16];

const POPULARITIES = {
  uniform: popularityShares({ popularity: 'uniform', zipf: 0, keys: KEYS }),
  'Zipf 0.8': popularityShares({ popularity: 'zipf', zipf: 0.8, keys: KEYS }),
  'Zipf 1.1': popularityShares({ popularity: 'zipf', zipf: 1.1, keys: KEYS }),
  'hot set': hotSetShares(KEYS, { hot: 0.1, hotShare: 0.9 }),
};

interface Case {
  readonly name: string;
  readonly expected: number;
  readonly simulated: number;
}

/** Every case of the grid, and the worst of them. */
export async function run(print: (line: string) => void): Promise<void> {
  const cases: Case[] = [];
  // What one worker of N does under random routing is what all do: a rate of one N-th.
  for (const [name, shares] of Object.entries(POPULARITIES)) {
    for (const cull of CULLS) {
      for (const timeoutSeconds of TIMEOUTS) {
        for (const workers of timeoutSeconds === null ? [1] : WORKERS) {
          cases.push(...casesOf({ name, shares, cull, timeoutSeconds, workers }));
        }
      }
    }
  }
  const error = ({ expected, simulated }: Case) => expected - simulated;
  cases.sort((a, b) => Math.abs(error(b)) - Math.abs(error(a)));
  const within = cases.filter((one) => Math.abs(error(one)) <= AIM).length;
  print(`${cases.length} cases, ${within} of them within ${AIM} points; the worst:`);
  for (const one of cases.slice(0, WORST)) {
    print(
      `${error(one).toFixed(2).padStart(6)}  ${one.expected.toFixed(2)} expected, ${one.simulated.toFixed(2)} simulated: ${one.name}`,
    );
  }
}

interface Row {
  readonly name: string;
  readonly shares: Float64Array;
  readonly cull: (typeof CULLS)[number];
  readonly timeoutSeconds: number | null;
  readonly workers: number;
}

/** All sizes of a cache under the same requests. */
function casesOf({ name, shares, cull, timeoutSeconds, workers }: Row): Case[] {
  const limits = {
    timeoutSeconds,
    cullFrequency: cull === 'lru' ? 3 : cull,
    policy: cull === 'lru' ? ('lru' as const) : ('django' as const),
  };
  const requestsPerSecond = REQUESTS_PER_SECOND / workers;
  const simulated = simulatedHits(shares, limits, requestsPerSecond);
  const groups = groupShares(shares);
  return SIZES.map((maxEntries, i) => ({
    name: `${name}, ${maxEntries} entries, cull ${cull}, timeout ${timeoutSeconds ?? 'never'}, ${workers} workers`,
    expected:
      100 * steadyState({ groups, requestsPerSecond, limits: { ...limits, maxEntries } }).hits,
    simulated: 100 * simulated[i]!,
  }));
}

function simulatedHits(
  shares: Float64Array,
  limits: ConstructorParameters<typeof RecencyStack>[0]['limits'],
  requestsPerSecond: number,
): number[] {
  const stack = new RecencyStack({ sizes: SIZES, limits });
  const draw = createKeySampler(shares, 11);
  const random = xoroshiro128plus(12);
  let now = 0;
  const part = 10_000;
  const keys = new Uint32Array(part);
  const seconds = new Float64Array(part);
  let early: Float64Array | undefined;
  for (let done = 0; done < REQUESTS; done += part) {
    if (done === REQUESTS / 4) early = stack.misses.slice();
    for (let i = 0; i < part; i++) {
      keys[i] = draw();
      now -= Math.log1p(-uniformFloat64(random)) / requestsPerSecond;
      seconds[i] = now;
    }
    stack.requestAll(keys, seconds);
  }
  return [...stack.misses].map((misses, i) => 1 - (misses - early![i]!) / (0.75 * REQUESTS));
}
