import type { Arm, Exhibit, Finding } from '../../reports/record/schema.ts';
import { LIMIT } from '../../server/protocol.ts';
import { cachesOf, isCured, mostTelling } from '../kit/arms.ts';
import { count, exactly, finding } from '../kit/finding.ts';

/** What one worker did with the requests of the client that was in a hurry. */
export interface Served {
  readonly slot: number;
  readonly requests: number;
  /** The others were refused, with 429. */
  readonly served: number;
}

/** One answer to the client that watches the header. */
export interface Told {
  readonly slot: number;
  /** Requests left, as the header says. */
  readonly remaining: number;
}

interface Seen {
  readonly flood: readonly Served[];
  readonly watched: readonly Told[];
}

/** What theory says of one arm, and what came of it. */
export function findingsOf(arm: Arm): Finding[] {
  const { name, workers } = arm;
  const { flood, watched } = seenIn(arm);
  return [
    finding({
      claim: workers > 1 ? 'C17' : null,
      what: `${name}: requests of one client let through`,
      unit: 'requests',
      expected: exactly(
        letThrough(flood, isCured(arm)),
        cachesOf(arm) === 1
          ? 'the limit L'
          : 'each worker lets its first L requests through: Σ min(L, R_w), at most L · N',
      ),
      measured: servedIn(flood),
    }),
    finding({
      claim: workers > 1 ? 'C17' : null,
      what: `${name}: times that the client was told of more requests left than before`,
      unit: 'times',
      expected: exactly(
        rises(remainingByRule(watched, isCured(arm))),
        'the count of the worker that answers, which knows of its own requests alone',
      ),
      measured: rises(watched.map((reply) => reply.remaining)),
    }),
  ];
}

/** Σ min(L, R_w) over the workers, R_w being what each got; with one count for all, min(L, R). */
function letThrough(flood: readonly Served[], oneCount: boolean): number {
  if (oneCount) return Math.min(LIMIT, total(flood.map(({ requests }) => requests)));
  return total(flood.map(({ requests }) => Math.min(LIMIT, requests)));
}

const servedIn = (flood: readonly Served[]) => total(flood.map(({ served }) => served));
const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

/** What each answer has to say when every worker counts its own requests down from the limit. */
function remainingByRule(replies: readonly Told[], oneCount: boolean): number[] {
  const got = new Map<number, number>();
  return replies.map((reply) => {
    const slot = oneCount ? 0 : reply.slot;
    const now = (got.get(slot) ?? 0) + 1;
    got.set(slot, now);
    return Math.max(0, LIMIT - now);
  });
}

function rises(values: readonly number[]): number {
  return values.filter((value, index) => index > 0 && value > values[index - 1]!).length;
}

export function sentence(arms: readonly Arm[]): string {
  const arm = mostTelling(arms);
  if (!arm) return 'Nothing was measured.';
  const { flood, watched } = seenIn(arm);
  const served = servedIn(flood);
  const sent = total(flood.map(({ requests }) => requests));
  return (
    `With a limit of ${LIMIT} for each client, ${arm.workers} workers let ${count(served)} of ${count(sent)} requests ` +
    `of one client through (${(served / LIMIT).toFixed(1)} × the limit), and told a client ` +
    `${count(rises(watched.map((reply) => reply.remaining)))} times that it had more requests left than a moment before.`
  );
}

export function exhibits(arms: readonly Arm[]): Exhibit[] {
  if (arms.length === 0) return [];
  return [
    {
      kind: 'bars',
      id: 'let-through',
      title: `Requests let through, with a limit of ${LIMIT}`,
      caption: 'One client, as fast as it can. Each worker counts what it sees.',
      categories: arms.map((arm) => arm.name),
      y: { label: 'let through', unit: 'requests' },
      series: [
        {
          name: 'measured',
          role: 'measured',
          values: arms.map((arm) => servedIn(seenIn(arm).flood)),
        },
        { name: 'L · N', role: 'expected', values: arms.map((arm) => LIMIT * cachesOf(arm)) },
      ],
    },
    {
      kind: 'lines',
      id: 'remaining',
      title: 'What the client is told it has left',
      caption:
        'One request after the other, each to a worker at random: the header X-RateLimit-Remaining. One worker counts down; several tell their own counts in turn.',
      x: { label: 'request', unit: '' },
      y: { label: 'requests left', unit: '' },
      series: arms.map((arm) => ({
        name: arm.name,
        role: 'measured' as const,
        points: seenIn(arm).watched.map(({ remaining }, index): [number, number] => [
          index + 1,
          remaining,
        ]),
      })),
      events: [],
    },
  ];
}

function seenIn({ observations }: Arm): Seen {
  const { flood, watched } = observations as unknown as Partial<Seen>;
  return { flood: flood ?? [], watched: watched ?? [] };
}
