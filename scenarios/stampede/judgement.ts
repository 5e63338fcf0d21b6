import type { Arm, Exhibit, Finding } from '../../reports/record/schema.ts';
import type { HotOutcome } from '../../server/protocol.ts';
import { cachesOf, isCured, mostTelling } from '../kit/arms.ts';
import { count, exactly, finding, findingInside } from '../kit/finding.ts';

/** One request of a burst: who answered, and what it had to do. */
export interface HotReply {
  readonly slot: number;
  readonly outcome: HotOutcome;
}

/** The bursts of each way, one for each time that the entry was gone. */
interface Seen {
  readonly withoutLock: readonly HotReply[][];
  readonly withLock: readonly HotReply[][];
}

/** What theory says of one arm, and what came of it. */
export function findingsOf(arm: Arm): Finding[] {
  const { name, workers } = arm;
  const { withoutLock, withLock } = seenIn(arm);
  const requests = withoutLock.flat().length;
  const loaders = isCured(arm)
    ? withLock.length
    : withLock.reduce((sum, burst) => sum + slotsOf(burst).size, 0);
  return [
    findingInside({
      claim: 'C17',
      what: `${name}, without a lock: loads in ${withoutLock.length} bursts of ${withoutLock[0]?.length ?? 0} requests`,
      unit: 'loads',
      expected: {
        value: requests,
        low: requests / 2,
        high: requests,
        interval:
          'from half of the requests to all: one that comes when the first load is done finds the entry',
        source: 'whoever does not find the entry loads it: up to N · c for c requests per worker',
      },
      measured: loadsIn(withoutLock),
    }),
    finding({
      claim: workers > 1 ? 'C17' : null,
      what: `${name}, with a lock by add: loads in ${withLock.length} bursts`,
      unit: 'loads',
      expected: exactly(
        loaders,
        isCured(arm)
          ? 'a lock in the cache that all share lets one through: 1 for each burst'
          : 'a lock in the memory of a process lets one through in each: N for each burst',
      ),
      measured: loadsIn(withLock),
    }),
  ];
}

const slotsOf = (burst: readonly HotReply[]) => new Set(burst.map((reply) => reply.slot));
const loadsIn = (bursts: readonly HotReply[][]) =>
  bursts.flat().filter((reply) => reply.outcome === 'loaded').length;
const perBurst = (bursts: readonly HotReply[][]) =>
  bursts.length === 0 ? 0 : Number((loadsIn(bursts) / bursts.length).toFixed(2));

export function sentence(arms: readonly Arm[]): string {
  const arm = mostTelling(arms);
  if (!arm) return 'Nothing was measured.';
  const { withoutLock, withLock } = seenIn(arm);
  return (
    `Each time that the hot entry was gone, ${count(withoutLock[0]?.length ?? 0)} clients wanted it at once: without a lock ` +
    `${arm.workers} workers loaded it ${perBurst(withoutLock)} times, with a lock still ${perBurst(withLock)} times.`
  );
}

export function exhibits(arms: readonly Arm[]): Exhibit[] {
  if (arms.length === 0) return [];
  const loads = (of: (seen: Seen) => readonly HotReply[][]) =>
    arms.map((arm) => perBurst(of(seenIn(arm))));
  return [
    {
      kind: 'bars',
      id: 'loads',
      title: 'Loads each time that the entry was gone',
      caption:
        'A lock keeps the requests of one worker from loading the same thing side by side. It knows nothing of the other workers.',
      categories: arms.map((arm) => arm.name),
      y: { label: 'loads of one entry', unit: '' },
      series: [
        { name: 'without a lock', role: 'measured', values: loads((seen) => seen.withoutLock) },
        { name: 'with a lock', role: 'measured', values: loads((seen) => seen.withLock) },
        {
          name: 'a lock for each process: N',
          role: 'expected',
          values: arms.map(cachesOf),
        },
      ],
    },
    {
      kind: 'table',
      id: 'by-worker',
      title: 'Who loaded, who waited, who found it',
      caption: 'All bursts together, for each worker.',
      columns: ['arm', 'lock', 'worker', 'requests', 'loaded', 'waited', 'found'],
      rows: arms.flatMap((arm) => {
        const { withoutLock, withLock } = seenIn(arm);
        return [
          ...byWorker(withoutLock).map((row) => [arm.name, 'no', ...row]),
          ...byWorker(withLock).map((row) => [arm.name, 'yes', ...row]),
        ];
      }),
    },
  ];
}

function byWorker(bursts: readonly HotReply[][]): number[][] {
  const replies = bursts.flat();
  return [...slotsOf(replies)]
    .sort((a, b) => a - b)
    .map((slot) => {
      const own = replies.filter((reply) => reply.slot === slot);
      const how = (outcome: HotOutcome) => own.filter((reply) => reply.outcome === outcome).length;
      return [slot, own.length, how('loaded'), how('waited'), how('found')];
    });
}

function seenIn({ observations }: Arm): Seen {
  const { withoutLock, withLock } = observations as unknown as Partial<Seen>;
  return { withoutLock: withoutLock ?? [], withLock: withLock ?? [] };
}
