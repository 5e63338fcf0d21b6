import type { Arm, Exhibit, Finding } from '../../reports/record/schema.ts';
import { cachesOf, isCured, mostTelling } from '../kit/arms.ts';
import { count, counted, exactly, finding } from '../kit/finding.ts';

/** One look at the metric over the shared port. */
export interface Scrape {
  /** Who happened to answer. */
  readonly slot: number;
  readonly value: number;
  /** Visits that this worker had answered by then. */
  readonly visitsThere: number;
  /** Visits that all workers had answered by then. */
  readonly visitsInAll: number;
}

/** The counter in one worker's cache, at the end. */
export interface CountOfWorker {
  readonly slot: number;
  readonly visits: number;
  readonly counter: number;
}

interface Seen {
  readonly scrapes: readonly Scrape[];
  readonly counts: readonly CountOfWorker[];
}

/** What theory says of one arm, and what came of it. */
export function findingsOf(arm: Arm): Finding[] {
  const { name, workers } = arm;
  const { scrapes, counts } = seenIn(arm);
  const claim = workers > 1 ? 'C17' : null;
  return [
    finding({
      claim: workers > 1 ? 'C8' : null,
      what: isCured(arm)
        ? `${name}: workers whose cached counter shows the visits of all`
        : `${name}: workers whose cached counter shows their own visits and no others`,
      unit: 'workers',
      expected: exactly(
        workers,
        isCured(arm)
          ? 'one counter in the cache that all share, raised in one step'
          : 'a counter in the memory of each process',
      ),
      measured: counts.filter((one) => one.counter === visitsShown(arm, one, counts)).length,
    }),
    finding({
      claim,
      what: `${name}: scrapes that told the visits of the worker that happened to answer`,
      unit: 'scrapes',
      expected: exactly(scrapes.length, 'a metric in the memory of each process'),
      measured: scrapes.filter((scrape) => scrape.value === scrape.visitsThere).length,
    }),
    finding({
      claim,
      what: `${name}: times that the scraped value fell`,
      unit: 'times',
      expected: exactly(
        falls(scrapes.map((scrape) => scrape.visitsThere)),
        'the visits of the workers in the order in which they answered',
      ),
      measured: falls(scrapes.map((scrape) => scrape.value)),
    }),
  ];
}

function visitsShown(arm: Arm, one: CountOfWorker, all: readonly CountOfWorker[]): number {
  return isCured(arm) ? all.reduce((sum, { visits }) => sum + visits, 0) : one.visits;
}

function falls(values: readonly number[]): number {
  return values.filter((value, index) => index > 0 && value < values[index - 1]!).length;
}

/**
 * The increase that a monitoring system computes from its scrapes: it takes a value that fell for
 * a counter that began again at 0, as Prometheus does (here without its extrapolation).
 */
export function increaseOf(values: readonly number[]): number {
  let increase = 0;
  for (let i = 1; i < values.length; i++) {
    const rise = values[i]! - values[i - 1]!;
    increase += rise >= 0 ? rise : values[i]!;
  }
  return increase;
}

const trueIncrease = (scrapes: readonly Scrape[]) =>
  increaseOf(scrapes.map((scrape) => scrape.visitsInAll));
const scrapedIncrease = (scrapes: readonly Scrape[]) =>
  increaseOf(scrapes.map((scrape) => scrape.value));

export function sentence(arms: readonly Arm[]): string {
  const arm = mostTelling(arms);
  if (!arm) return 'Nothing was measured.';
  const { scrapes, counts } = seenIn(arm);
  const values = counts.map((one) => one.counter);
  return (
    `${arm.workers} workers kept ${counted(cachesOf(arm), 'counter')} in their cache: the highest showed ${count(Math.max(0, ...values))} of ` +
    `${count(scrapes.at(-1)?.visitsInAll ?? 0)} visits. Scraped through the shared port the value fell ` +
    `${count(falls(scrapes.map((scrape) => scrape.value)))} times, and a monitoring system would report ` +
    `${count(scrapedIncrease(scrapes))} visits where there were ${count(trueIncrease(scrapes))}.`
  );
}

export function exhibits(arms: readonly Arm[]): Exhibit[] {
  if (arms.length === 0) return [];
  return [
    {
      kind: 'lines',
      id: 'scraped',
      title: 'The scraped value against the visits',
      caption:
        'Each point is one scrape. One worker tells the visits; several tell, in turn, what each of them has counted.',
      x: { label: 'visits', unit: '' },
      y: { label: 'value scraped', unit: '' },
      series: arms.map((arm) => ({
        name: arm.name,
        role: 'measured' as const,
        points: seenIn(arm).scrapes.map((scrape): [number, number] => [
          scrape.visitsInAll,
          scrape.value,
        ]),
      })),
      events: [],
    },
    {
      kind: 'bars',
      id: 'increase',
      title: 'Visits between the first scrape and the last',
      caption:
        'What a monitoring system makes of the scrapes when it takes every fall for a restart, and what was.',
      categories: arms.map((arm) => arm.name),
      y: { label: 'visits', unit: '' },
      series: [
        {
          name: 'from the scrapes',
          role: 'measured',
          values: arms.map((arm) => scrapedIncrease(seenIn(arm).scrapes)),
        },
        {
          name: 'really',
          role: 'expected',
          values: arms.map((arm) => trueIncrease(seenIn(arm).scrapes)),
        },
      ],
    },
    {
      kind: 'table',
      id: 'counters',
      title: 'The counter in each cache, at the end',
      caption: 'Raised by incr, which is one step inside its process, and no more than that.',
      columns: ['arm', 'worker', 'visits that it answered', 'its counter'],
      rows: arms.flatMap((arm) =>
        seenIn(arm).counts.map((one) => [arm.name, one.slot, one.visits, one.counter]),
      ),
    },
  ];
}

function seenIn({ observations }: Arm): Seen {
  const { scrapes, counts } = observations as unknown as Partial<Seen>;
  return { scrapes: scrapes ?? [], counts: counts ?? [] };
}
