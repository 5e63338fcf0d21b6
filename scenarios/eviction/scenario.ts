import { type Band, steadyHitRates } from '../../lab/analysis/steady-bands.ts';
import type { Arm, Estimate, Exhibit, Finding, Phase } from '../../reports/record.ts';
import { planArm, type Scenario, type ScenarioOptions } from '../scenario.ts';
import { conclude, count, counted, exactly, finding, percent } from '../verdict.ts';
import { entriesOverTime } from './entries-over-time.ts';

/** The first stretch, from empty caches: as long for one worker as for many. */
const COLD_REQUESTS = 1_500;
/** Then each further worker gets so many to fill its cache and begin to cull. */
const SETTLING_PER_WORKER = 600;
/** Below MAX_ENTRIES by this share, for the working set that fits with room to spare. */
const WITH_ROOM = 0.8;

/** Working sets around MAX_ENTRIES; then the same entries per worker, and the same in all. */
export const eviction: Scenario = {
  name: 'eviction',
  question: 'What happens when there is more to remember than MAX_ENTRIES allows?',
  claims: ['C10', 'C4'],
  seconds: 12,
  originOrders: 4_000,
  defaults: { keys: 1_200, requests: 3_000 },
  quick: { workers: [2], keys: 240, maxEntries: 60, requests: 1_500 },
  unused: {
    ratePerSecond: 'eviction depends on what is asked, not on how fast.',
    timeoutSeconds: 'entries never expire here, so that every removal is an eviction.',
    backends: 'it is about the cache in the memory of each worker.',
    rounds: 'use --seed for other keys.',
  },

  refuse({ workers, maxEntries, cullFrequency, keys, popularity }) {
    const cannot = 'cannot be used with --scenario eviction';
    if (workers.includes(1))
      return `--workers 1 ${cannot}: it has arms with 1 worker, and compares them with 2 or more.`;
    if (keys < 1.2 * maxEntries)
      return `--keys ${keys} ${cannot} and --max-entries ${maxEntries}: nearly all would fit; use ${Math.ceil(1.2 * maxEntries)} or more.`;
    const smallest = Math.floor(maxEntries / Math.max(...workers));
    if (smallest < Math.max(3, cullFrequency))
      return `--max-entries ${maxEntries} ${cannot} and --workers ${Math.max(...workers)}: shared out that leaves ${smallest} each, too few to cull from.`;
    if (popularity === 'cyclic')
      return `--popularity cyclic ${cannot}: an LRU cache that is too small for a cycle never hits at all.`;
    return null;
  },

  arms(options) {
    const { maxEntries } = options;
    return [
      armOf(options, 1, maxEntries, Math.floor(WITH_ROOM * maxEntries)),
      armOf(options, 1, maxEntries, maxEntries),
      armOf(options, 1, maxEntries, options.keys),
      ...options.workers.flatMap((workers) => [
        armOf(options, workers, maxEntries, options.keys),
        armOf(options, workers, Math.floor(maxEntries / workers), options.keys),
      ]),
    ];
  },

  async measure(lab) {
    const { workers, requests } = lab.plan;
    await lab.phase('cold start', (phase) => phase.traffic({ requests: COLD_REQUESTS }));
    if (workers > 1) {
      const settling = SETTLING_PER_WORKER * (workers - 1);
      await lab.phase('settling', (phase) => phase.traffic({ requests: settling }));
    }
    await lab.phase('steady', (phase) => phase.traffic({ requests }));
  },

  judge(arms) {
    return {
      verdict: conclude(sentence(arms), [
        ...arms.flatMap(evictionFindings),
        ...arms.filter(isTight).flatMap(hitRateFindings),
        ...differences(arms),
      ]),
      exhibits: arms.length === 0 ? [] : [...sawTooth(arms), ...byPopularity(arms), prices(arms)],
    };
  },
};

function armOf(options: ScenarioOptions, workers: number, maxEntries: number, keys: number) {
  return planArm(options, {
    name: `${workers} × ${maxEntries} entries, ${count(keys)} keys`,
    workers,
    maxEntries,
    keys,
    timeoutSeconds: null,
  });
}

/** Nothing goes while there is room; then a cull takes its share at once. */
function evictionFindings(arm: Arm): Finding[] {
  const workers = arm.phases.flatMap((phase) => phase.workers);
  const evictions = sum(workers.map((worker) => worker.evictions));
  if (!isTight(arm)) {
    return [
      finding({
        claim: 'C10',
        what: `evictions, ${arm.name}`,
        unit: 'entries',
        expected: exactly(0, 'a cache that is not full drops nothing'),
        measured: evictions,
      }),
    ];
  }
  const { maxEntries, cullFrequency } = arm.cache;
  const perCull = cullFrequency === 0 ? maxEntries : Math.floor(maxEntries / cullFrequency);
  const culls = sum(workers.map((worker) => worker.culls));
  return [
    finding({
      claim: 'C10',
      what: `entries that ${count(culls)} culls dropped, ${arm.name}`,
      unit: 'entries',
      expected: exactly(culls * perCull, 'Django: a full cache drops len // CULL_FREQUENCY'),
      measured: culls === 0 ? null : evictions,
    }),
  ];
}

function hitRateFindings(arm: Arm): Finding[] {
  return [phaseOf(arm, 'cold start'), phaseOf(arm, 'steady')].flatMap((phase) =>
    phase
      ? [
          finding({
            claim: arm.workers > 1 ? 'C4' : 'C10',
            what: `hit rate, ${phase.name}, ${arm.name}`,
            unit: 'share',
            expected: phase.expected?.hitRate ?? null,
            measured: phase.totals.hitRate,
          }),
        ]
      : [],
  );
}

/** As much room for each of N workers as for one: the same hit rate, once all are warm. */
function differences(arms: readonly Arm[]): Finding[] {
  const one = arms.find((arm) => isTight(arm) && arm.workers === 1);
  return arms
    .filter((arm) => isTight(arm) && arm.workers > 1)
    .filter((arm) => arm.cache.maxEntries === one?.cache.maxEntries)
    .map((arm) => {
      const [before, after] = [one && phaseOf(one, 'steady'), phaseOf(arm, 'steady')];
      const rates = [before?.totals.hitRate, after?.totals.hitRate];
      return finding({
        claim: 'C4',
        what: `steady hit rate of ${arm.name} above that of one worker`,
        unit: 'share',
        expected: noDifference(before?.expected?.hitRate, after?.expected?.hitRate),
        measured: rates[0] == null || rates[1] == null ? null : rates[1] - rates[0],
      });
    });
}

function noDifference(one: Estimate | undefined, other: Estimate | undefined): Estimate | null {
  if (!one || !other) return null;
  const half = Math.hypot(halfWidth(one), halfWidth(other));
  return {
    value: 0,
    low: -half,
    high: half,
    interval: '95 % of pairs of runs',
    source:
      'Che: the hit rate of a full LRU cache depends on its size, not on its share of requests',
  };
}

const halfWidth = ({ low, high }: Estimate) => ((high ?? 0) - (low ?? 0)) / 2;

function sentence(arms: readonly Arm[]): string {
  const tight = arms.filter(isTight);
  const one = tight[0];
  const same = tight.findLast(
    (arm) => arm.workers > 1 && arm.cache.maxEntries === one?.cache.maxEntries,
  );
  const shared = tight.findLast((arm) => arm.workers > 1 && arm !== same);
  if (!one || !same || !shared) return 'Nothing was measured.';
  const rate = (arm: Arm, phase: string) => percent(phaseOf(arm, phase)?.totals.hitRate);
  return (
    `Once warm, ${counted(same.workers, 'worker')} of ${same.cache.maxEntries} entries each hit as often as one: ` +
    `${rate(same, 'steady')} against ${rate(one, 'steady')}, though they had started at ${rate(same, 'cold start')} against ${rate(one, 'cold start')}. ` +
    `With the same memory in all, ${shared.workers} × ${shared.cache.maxEntries}, it is ${rate(shared, 'steady')}.`
  );
}

/** Entries of the first worker, request by request. */
function sawTooth(arms: readonly Arm[]): Exhibit[] {
  const full = arms.filter(({ workload, cache }) => workload.keys >= cache.maxEntries);
  const series = full.flatMap((arm) => {
    const phase = phaseOf(arm, 'steady');
    const points = phase?.residency ? entriesOverTime(phase.residency, 1) : [];
    return points.length === 0 ? [] : [{ name: arm.name, role: 'measured' as const, points }];
  });
  if (series.length === 0) return [];
  return [
    {
      kind: 'lines',
      id: 'entries-over-time',
      title: 'Entries in worker 1 during the steady phase',
      caption:
        'A full cache makes room by dropping a third at once, the least recently used ones, and fills up again. A working set that just fits loses nothing.',
      x: { label: 'requests to the fleet', unit: '' },
      y: { label: 'entries held', unit: '' },
      series,
      events: [],
    },
  ];
}

/** Who stays: hit rates of the hottest keys and of the rare ones. */
function byPopularity(arms: readonly Arm[]): Exhibit[] {
  const traced = arms.filter((arm) => isTight(arm) && phaseOf(arm, 'steady')?.trace);
  if (traced.length === 0) return [];
  const bands = bandsOf(traced[0]!.workload.keys);
  return [
    {
      kind: 'bars',
      id: 'hit-rate-by-popularity',
      title: 'Hit rate in the steady phase, by popularity of the key',
      caption:
        'The least recently used entries go first, so what is asked for often stays. The expected values are those of a settled cache.',
      categories: bands.map(({ from, to }) => `rank ${from} to ${to}`),
      y: { label: 'hit rate', unit: '%' },
      series: [
        ...traced.map((arm) => ({
          name: arm.name,
          role: 'measured' as const,
          values: measuredByBand(arm, bands),
        })),
        ...traced.filter(isFirstOfItsSize).map((arm) => ({
          name: `expected of ${arm.cache.maxEntries} entries`,
          role: 'expected' as const,
          values: steadyHitRates(arm, bands).map((rate) => 100 * rate),
        })),
      ],
    },
  ];
}

/** Theory knows the size of a cache and not how many of them there are. */
function isFirstOfItsSize(arm: Arm, at: number, arms: readonly Arm[]): boolean {
  return arms.findIndex(({ cache }) => cache.maxEntries === arm.cache.maxEntries) === at;
}

function bandsOf(keys: number): Band[] {
  const ends = [0.025, 0.1, 0.25, 0.5, 1].map((share) => Math.max(1, Math.round(share * keys)));
  return ends.map((to, i) => ({ from: (ends[i - 1] ?? 0) + 1, to })).filter((b) => b.from <= b.to);
}

function measuredByBand(arm: Arm, bands: readonly Band[]): (number | null)[] {
  const trace = phaseOf(arm, 'steady')!.trace!;
  const ranks = trace.keys.map((name) => Number(name.replace('user_', '')));
  return bands.map(({ from, to }) => {
    let asked = 0;
    let hits = 0;
    trace.key.forEach((key, i) => {
      if (ranks[key]! < from || ranks[key]! > to) return;
      asked++;
      if (trace.outcome[i] === 0) hits++;
    });
    return asked === 0 ? null : (100 * hits) / asked;
  });
}

function prices(arms: readonly Arm[]): Exhibit {
  return {
    kind: 'table',
    id: 'price-of-memory',
    title: 'What each way to spend memory buys',
    caption: 'Entries allowed in all workers together, and the hit rates that they buy.',
    columns: [
      'arm',
      'entries allowed',
      'cold start, %',
      'steady, %',
      'expected, %',
      'culls',
      'evictions',
    ],
    rows: arms.map((arm) => {
      const workers = arm.phases.flatMap((phase) => phase.workers);
      const steady = phaseOf(arm, 'steady');
      return [
        arm.name,
        arm.workers * arm.cache.maxEntries,
        points(phaseOf(arm, 'cold start')?.totals.hitRate),
        points(steady?.totals.hitRate),
        points(steady?.expected?.hitRate.value),
        sum(workers.map(({ culls }) => culls)),
        sum(workers.map(({ evictions }) => evictions)),
      ];
    }),
  };
}

/** More keys than entries: something has to go. */
const isTight = ({ workload, cache }: Arm) => workload.keys > cache.maxEntries;
const phaseOf = ({ phases }: Arm, name: string): Phase | undefined =>
  phases.find((phase) => phase.name === name);
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
const points = (share: number | null | undefined) =>
  share == null ? null : Number((100 * share).toFixed(1));
