import { count, counted } from '../../reports/record/format.ts';
import { sum } from '../../reports/record/tally.ts';
import { LOCATIONS } from '../../server/protocol.ts';
import { planArm, slotsOf } from '../kit/arms.ts';
import type { Scenario, SeenArm } from '../kit/contract.ts';
import { strip } from '../kit/exhibits.ts';
import { finding } from '../kit/finding.ts';
import { severalWorkers } from '../kit/refusals.ts';
import { localMemoryOnly, noLimits, noRounds, noTraffic, noUserPages } from '../kit/unused.ts';
import { exactly } from '../theory/estimate.ts';

/** Where everything is written; the others only look. */
const WRITER = 1;

/** Which caches of one worker had a key that was written to one cache of the writer. */
interface Sight {
  readonly written: string;
  readonly slot: number;
  readonly seenBy: readonly string[];
}

interface Seen {
  /** The LOCATION of each cache, by its name. */
  readonly locations: Readonly<Record<string, string>>;
  readonly sights: readonly Sight[];
}

/** Caches that share a LOCATION, that do not, and that nobody configured, in every worker. */
export const locations: Scenario<Seen> = {
  name: 'locations',
  question: 'What does LOCATION tell apart, and what can it not bring together?',
  claims: ['C3', 'C4'],
  seconds: 2,
  defaults: { workers: [2] },
  quick: { workers: [3] },
  unused: {
    ...noUserPages('for keys of its own'),
    ...noTraffic('each worker is asked once about each key, over a connection of its own'),
    ...noLimits(),
    ...localMemoryOnly(),
    ...noRounds(),
    originDelayMillis: 'nothing comes from the database.',
  },

  refuse: (options) => [severalWorkers(options, 'it compares what two processes see')],

  arms: (options) =>
    options.workers.map((workers) => planArm(options, { workers, features: ['locations'] })),

  measure: (lab) =>
    lab.phase('write at one worker, look at all', async (phase) => {
      const sights: Sight[] = [];
      for (const [index, written] of Object.keys(LOCATIONS).entries()) {
        const key = `from_${index + 1}`;
        const path = `/locations/${encodeURIComponent(written)}/${key}`;
        await phase.ask(WRITER, { method: 'PUT', path });
        for (const slot of slotsOf(lab.plan)) {
          const { body } = await phase.ask(slot, { path: `/locations/${key}` });
          sights.push({ written, slot, ...(body as Pick<Sight, 'seenBy'>) });
        }
      }
      return { locations: { ...LOCATIONS }, sights };
    }),

  findings(arm) {
    const { name, observations } = arm;
    const names = Object.keys(observations.locations);
    const { inside, across } = sightsOf(arm);
    return [
      finding({
        claim: 'C3',
        what: `${name}: pairs of caches in one worker that see the same entries`,
        unit: 'pairs',
        expected: exactly(
          sum(
            names.map(
              (written) => names.filter((name) => isOneStore(observations, name, written)).length,
            ),
          ),
          'caches with the same LOCATION are one store, and so are those without one',
        ),
        measured: pairs(inside),
      }),
      finding({
        claim: 'C3',
        what: `${name}: pairs in one worker that are not as their LOCATION says`,
        unit: 'pairs',
        expected: exactly(0, 'the same LOCATION: seen; another: not seen'),
        measured: sum(
          inside.map(
            ({ written, seenBy }) =>
              names.filter(
                (name) => isOneStore(observations, name, written) !== seenBy.includes(name),
              ).length,
          ),
        ),
      }),
      finding({
        claim: 'C4',
        what: `${name}: caches of other workers that see what was written, the same LOCATION or not`,
        unit: 'caches',
        expected: exactly(0, 'a LOCATION names a store within one process'),
        measured: pairs(across),
      }),
    ];
  },

  sentence(arms) {
    const arm = arms.at(-1)!;
    const { inside, across } = sightsOf(arm);
    const all = Object.keys(arm.observations.locations).length ** 2;
    const seen = pairs(across) === 0 ? 'no cache' : counted(pairs(across), 'cache');
    return (
      `Of ${count(all)} pairs of caches in one process ${count(pairs(inside))} saw the same entries. ` +
      `In ${counted(arm.workers - 1, 'other worker')} ${seen} saw any of them.`
    );
  },

  exhibits: (arms) =>
    arms.map((arm, index) => {
      const names = Object.keys(arm.observations.locations);
      return strip({
        id: index === 0 ? 'who-sees' : `who-sees-${index + 1}`,
        title: `Who sees what was written at worker ${WRITER} (${arm.name})`,
        caption: `One step for each cache that was written to, in this order: ${names.join(', ')}. One row for each cache that looked.`,
        step: 'cache written to',
        legend: { good: 'sees it', bad: '', neutral: '', empty: 'does not see it' },
        rows: slotsOf(arm).flatMap((slot) =>
          names.map((name) => ({
            label: `worker ${slot}: ${name}`,
            cells: names.map((written) => cell(arm, { slot, name, written })),
          })),
        ),
      });
    }),
};

/** What the writer saw in its own caches, and what the others saw. */
function sightsOf({ observations: { sights } }: SeenArm<Seen>) {
  return {
    inside: sights.filter(({ slot }) => slot === WRITER),
    across: sights.filter(({ slot }) => slot !== WRITER),
  };
}

function isOneStore({ locations }: Seen, one: string, other: string): boolean {
  return locations[one] === locations[other];
}

const pairs = (sights: readonly Sight[]) => sum(sights.map(({ seenBy }) => seenBy.length));

function cell(
  { observations: { sights } }: SeenArm<Seen>,
  { slot, name, written }: { slot: number; name: string; written: string },
) {
  const sight = sights.find((one) => one.slot === slot && one.written === written);
  const sees = sight?.seenBy.includes(name) ?? false;
  return {
    state: sees ? ('good' as const) : ('empty' as const),
    text: sees ? '✓' : '',
    detail: `written to “${written}” at worker ${WRITER}: “${name}” at worker ${slot} ${sees ? 'sees' : 'does not see'} it`,
  };
}
