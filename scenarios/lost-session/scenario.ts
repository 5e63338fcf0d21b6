import { count, counted, percent } from '../../reports/record/format.ts';
import type { Exhibit } from '../../reports/record/schema.ts';
import { cachesOf, eachKindOfFleet, isCured, mostTelling } from '../kit/arms.ts';
import type { Scenario, SeenArm } from '../kit/contract.ts';
import { bars, contrast, type Step, strip } from '../kit/exhibits.ts';
import {
  atLeast,
  moreThanTheBaseline,
  NO_LIMITS,
  noUserPages,
  usableBackends,
} from '../kit/options.ts';
import { binomialEstimate } from '../theory/binomial.ts';
import { exactly } from '../theory/estimate.ts';
import { recognisedInTurn, recognisedShare, unbrokenVisits } from '../theory/routing.ts';
import { measureVisits, PAGES_PER_VISIT, type Page, type Seen, type Visit } from './protocol.ts';

/** Users log in at one worker and then browse, each page over a connection of its own. */
export const lostSession: Scenario<Seen> = {
  name: 'lost-session',
  question: 'Why does a server forget someone who has just logged in?',
  claims: ['C16'],
  seconds: 4,
  defaults: { requests: 1_800 },
  quick: { workers: [3], requests: 600 },
  uses: ['backends'],
  unused: {
    ...noUserPages('for pages behind a login'),
    ...NO_LIMITS,
    originDelayMillis: 'sessions are not in the database.',
    connections: 'each page takes its own connection.',
    routing: 'each page takes its own connection, in turn and then at random.',
    ratePerSecond: 'a visitor requests the next page only after the last one.',
  },

  refuse: (options) => [
    moreThanTheBaseline(options, 'with one worker no session is lost'),
    atLeast(options, 'requests', 100, 'fewer visits do not tell chance from rule'),
    usableBackends(options),
  ],

  arms: (options) => eachKindOfFleet(options, { features: ['sessions'], routing: 'fresh' }),

  measure: measureVisits,

  findings(arm) {
    const { name, observations } = arm;
    const { inTurn, atRandom } = observations;
    const caches = cachesOf(arm);
    const pages = pagesOf(arm);
    return [
      {
        what: `${name}: pages at which the worker of the login did not know the visitor, or another did`,
        unit: 'pages',
        expected: exactly(
          0,
          isCured(arm)
            ? 'a session is in the one cache that all workers share'
            : 'a session is in the memory of the process that made it',
        ),
        measured: [inTurn, ...atRandom].flatMap((one) => surprises(one, isCured(arm))).length,
      },
      {
        what: `${name}: pages recognised, workers in turn`,
        unit: 'pages',
        expected: recognisedInTurn(inTurn.pages.length, caches),
        measured: inTurn.pages.filter(isRecognised).length,
      },
      {
        what: `${name}: pages recognised, workers at random`,
        unit: 'pages',
        expected: binomialEstimate(
          pages.length,
          recognisedShare(caches),
          'random routing: 1/N for N caches',
        ),
        measured: pages.filter(isRecognised).length,
      },
      {
        what: `${name}: visits of ${PAGES_PER_VISIT} pages that never lost the login`,
        unit: 'visits',
        expected: binomialEstimate(
          atRandom.length,
          unbrokenVisits(caches, PAGES_PER_VISIT),
          'random routing: N to the power of −m for m pages and N caches',
        ),
        measured: atRandom.filter(isKept).length,
      },
    ];
  },

  sentence(arms) {
    const arm = mostTelling(arms)!;
    const { atRandom } = arm.observations;
    return (
      `With ${counted(arm.workers, 'worker')} ${percent(recognisedIn(arm))} of ${count(pagesOf(arm).length)} pages knew the visitor, ` +
      `and ${count(atRandom.filter(isKept).length)} of ${count(atRandom.length)} visits (${percent(keptIn(arm))}) never lost the login; one worker lost none.`
    );
  },

  headline: (arms) =>
    contrast(arms, [
      ['of the pages knew the visitor', recognisedIn, 'percent'],
      ['of the visits kept the login', keptIn, 'percent'],
    ]),

  exhibits: (arms) => [
    oneVisit(arms),
    bars(arms, {
      id: 'recognised',
      title: 'Pages recognised when any worker may answer',
      caption: 'Pages at random workers: measured, and 1/N.',
      y: { label: 'pages recognised', format: 'percent' },
      series: [
        { name: 'measured', of: recognisedIn },
        { name: '1/N', role: 'expected', of: (arm) => recognisedShare(cachesOf(arm)) },
      ],
    }),
    bars(arms, {
      id: 'kept',
      title: `Visits of ${PAGES_PER_VISIT} pages that never lost the login`,
      caption: 'A visit survives only if every page finds the worker of the login.',
      y: { label: 'visits', format: 'percent' },
      series: [
        { name: 'measured', of: keptIn },
        {
          name: `N to the power of −${PAGES_PER_VISIT}`,
          role: 'expected',
          of: (arm) => unbrokenVisits(cachesOf(arm), PAGES_PER_VISIT),
        },
      ],
    }),
  ],
};

type Measured = SeenArm<Seen>;

const isRecognised = ({ recognised }: Page) => recognised;
const isKept = ({ pages }: Visit) => pages.every(isRecognised);
const pagesOf = (arm: Measured) => arm.observations.atRandom.flatMap(({ pages }) => pages);
const recognisedIn = (arm: Measured) =>
  pagesOf(arm).filter(isRecognised).length / pagesOf(arm).length;
const keptIn = ({ observations: { atRandom } }: Measured) =>
  atRandom.filter(isKept).length / atRandom.length;

/** Pages that went otherwise than by "who has the session knows the visitor". */
function surprises({ login, pages }: Visit, allHaveIt: boolean): Page[] {
  return pages.filter(({ slot, recognised }) => recognised !== (allHaveIt || slot === login));
}

function oneVisit(arms: readonly Measured[]): Exhibit {
  return strip(arms, {
    id: 'visit',
    title: 'One visit, page by page',
    caption:
      'The number is the worker that answered. Only the worker where the visitor logged in has the session.',
    step: 'page',
    legend: { good: 'recognised', bad: 'a stranger', neutral: 'logged in', empty: '' },
    label: ({ name }) => name,
    steps: ({ observations: { inTurn } }) => [
      ['neutral', `${inTurn.login}`, `logged in at worker ${inTurn.login}`],
      ...inTurn.pages.map(({ slot, recognised }, index): Step => {
        const who = `page ${index + 1}: worker ${slot}`;
        return recognised
          ? ['good', `${slot}`, `${who} knew the visitor`]
          : ['bad', `${slot}`, `${who} did not know the visitor`];
      }),
    ],
  });
}
