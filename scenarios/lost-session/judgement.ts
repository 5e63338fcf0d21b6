import type { Arm, Exhibit, Finding } from '../../reports/record/schema.ts';
import { cachesOf, isCured, mostTelling } from '../kit/arms.ts';
import { count, exactly, finding, findingInside, percent } from '../kit/finding.ts';
import { binomialEstimate } from '../theory/binomial.ts';

/** A visit: one login, then so many pages. */
export const PAGES_PER_VISIT = 2;

/** A page after the login: who answered, and whether it knew the visitor. */
export interface Page {
  readonly slot: number;
  readonly recognised: boolean;
}

/** One visit as it went. */
export interface Visit {
  readonly login: number;
  readonly pages: Page[];
}

/** What is kept of an arm. */
interface Seen {
  readonly inTurn: Visit;
  readonly atRandom: Visit[];
}

/** What theory says of one arm, and what came of it. */
export function findingsOf(arm: Arm): Finding[] {
  const { name } = arm;
  const caches = cachesOf(arm);
  const { inTurn, atRandom } = seenIn(arm);
  const pages = atRandom.flatMap((one) => one.pages);
  const everywhere = [inTurn, ...atRandom];
  return [
    finding({
      claim: 'C16',
      what: `${name}: pages at which the worker of the login did not know the visitor, or another did`,
      unit: 'pages',
      expected: exactly(
        0,
        isCured(arm)
          ? 'a session is in the one cache that all workers ask'
          : 'a session is in the memory of the process that made it',
      ),
      measured: everywhere.flatMap((visit) => surprises(visit, isCured(arm))).length,
    }),
    findingInside({
      claim: 'C16',
      what: `${name}: pages recognised, workers in turn`,
      unit: 'pages',
      expected: {
        value: inTurn.pages.length / caches,
        low: inTurn.pages.length / caches - (caches === 1 ? 0 : 2),
        high: inTurn.pages.length / caches + (caches === 1 ? 0 : 2),
        interval: 'two pages more or less: a worker that is late shifts the turn',
        source: 'strict round robin: every N-th',
      },
      measured: inTurn.pages.filter((page) => page.recognised).length,
    }),
    findingInside({
      claim: 'C16',
      what: `${name}: pages recognised, workers at random`,
      unit: 'pages',
      expected: binomialEstimate(pages.length, 1 / caches, 'random routing: 1/N for N caches'),
      measured: pages.filter((page) => page.recognised).length,
    }),
    findingInside({
      claim: 'C16',
      what: `${name}: visits of ${PAGES_PER_VISIT} pages that never lost the login`,
      unit: 'visits',
      expected: binomialEstimate(
        atRandom.length,
        caches ** -PAGES_PER_VISIT,
        'random routing: N to the power of −m for m pages and N caches',
      ),
      measured: atRandom.filter(isKept).length,
    }),
  ];
}

/** Pages that went otherwise than by "who has the session knows the visitor". */
function surprises({ login, pages }: Visit, allHaveIt: boolean): Page[] {
  return pages.filter((page) => page.recognised !== (allHaveIt || page.slot === login));
}

const isKept = ({ pages }: Visit) => pages.every((page) => page.recognised);

export function sentence(arms: readonly Arm[]): string {
  const arm = mostTelling(arms);
  if (!arm) return 'Nothing was measured.';
  const { atRandom } = seenIn(arm);
  const pages = atRandom.flatMap((one) => one.pages);
  const recognised = pages.filter((page) => page.recognised).length;
  const kept = atRandom.filter(isKept).length;
  return (
    `With ${arm.workers} workers ${percent(recognised / pages.length)} of ${count(pages.length)} pages knew who had logged in, ` +
    `and ${count(kept)} of ${count(atRandom.length)} visits (${percent(kept / atRandom.length)}) never lost the login; one worker lost none.`
  );
}

export function exhibits(arms: readonly Arm[]): Exhibit[] {
  if (arms.length === 0) return [];
  const shareOf = (arm: Arm) => {
    const pages = seenIn(arm).atRandom.flatMap((one) => one.pages);
    return pages.filter((page) => page.recognised).length / pages.length;
  };
  const keptOf = (arm: Arm) => {
    const { atRandom } = seenIn(arm);
    return atRandom.filter(isKept).length / atRandom.length;
  };
  const inPercent = (share: number) => Number((100 * share).toFixed(1));
  return [
    {
      kind: 'strip',
      id: 'visit',
      title: 'One visit, page by page',
      caption:
        'The number is the worker that answered. Only the worker where the visitor logged in has the session.',
      step: 'page',
      legend: { good: 'recognised', bad: 'a stranger', neutral: 'logged in', empty: '' },
      rows: arms.map((arm) => {
        const { inTurn } = seenIn(arm);
        return {
          label: arm.name,
          cells: [
            {
              state: 'neutral' as const,
              text: `${inTurn.login}`,
              detail: `logged in at worker ${inTurn.login}`,
            },
            ...inTurn.pages.map((page, index) => ({
              state: page.recognised ? ('good' as const) : ('bad' as const),
              text: `${page.slot}`,
              detail: `page ${index + 1}: worker ${page.slot} ${page.recognised ? 'knew' : 'did not know'} the visitor`,
            })),
          ],
        };
      }),
    },
    {
      kind: 'bars',
      id: 'recognised',
      title: 'Pages recognised when any worker may answer',
      caption: 'Pages at random workers: measured, and 1/N.',
      categories: arms.map((arm) => arm.name),
      y: { label: 'pages recognised', unit: '%' },
      series: [
        { name: 'measured', role: 'measured', values: arms.map((arm) => inPercent(shareOf(arm))) },
        { name: '1/N', role: 'expected', values: arms.map((arm) => inPercent(1 / cachesOf(arm))) },
      ],
    },
    {
      kind: 'bars',
      id: 'kept',
      title: `Visits of ${PAGES_PER_VISIT} pages that never lost the login`,
      caption: 'A visit survives only if every page finds the worker of the login.',
      categories: arms.map((arm) => arm.name),
      y: { label: 'visits', unit: '%' },
      series: [
        { name: 'measured', role: 'measured', values: arms.map((arm) => inPercent(keptOf(arm))) },
        {
          name: `N to the power of −${PAGES_PER_VISIT}`,
          role: 'expected',
          values: arms.map((arm) => inPercent(cachesOf(arm) ** -PAGES_PER_VISIT)),
        },
      ],
    },
  ];
}

function seenIn({ observations }: Arm): Seen {
  const { inTurn, atRandom } = observations as unknown as Partial<Seen>;
  return { inTurn: inTurn ?? { login: 0, pages: [] }, atRandom: atRandom ?? [] };
}
