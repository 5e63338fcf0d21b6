import { count, counted } from '../../reports/record/format.ts';
import { sum } from '../../reports/record/tally.ts';
import { LOCATIONS } from '../../server/protocol.ts';
import { planArms, slotsOf } from '../kit/arms.ts';
import type { Scenario, SeenArm } from '../kit/contract.ts';
import { type Step, sideBySide, strip } from '../kit/exhibits.ts';
import { NO_LIMITS, noTraffic, noUserPages, severalWorkers } from '../kit/options.ts';
import { byConstruction, exactly } from '../theory/estimate.ts';

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

/** Caches that share a LOCATION, that do not, and that were given none, in every worker. */
export const locations: Scenario<Seen> = {
  name: 'locations',
  question: 'What does LOCATION separate, and what can it not join?',
  claims: ['C3', 'C4'],
  seconds: 2,
  defaults: { workers: [2] },
  quick: { workers: [3] },
  unused: {
    ...noUserPages('for keys of its own'),
    ...noTraffic('each worker gets one lookup per key, over its own connection'),
    ...NO_LIMITS,
    originDelayMillis: 'nothing comes from the database.',
  },

  refuse: (options) => [severalWorkers(options, 'it compares what two processes see')],

  arms: (options) => planArms(options, { features: ['locations'] }),

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
    const { locations } = observations;
    const names = Object.keys(locations);
    const { inside, across } = sightsOf(arm);
    const storeOf = (written: string) =>
      new Set(names.filter((one) => locations[one] === locations[written]));
    return [
      {
        what: `${name}: pairs of caches in one worker that see the same entries`,
        unit: 'pairs',
        expected: byConstruction(
          sum(names.map((written) => storeOf(written).size)),
          'caches with the same LOCATION are one store, and so are those without one',
        ),
        measured: pairs(inside),
      },
      {
        what: `${name}: pairs in one worker that contradict their LOCATION`,
        unit: 'pairs',
        expected: byConstruction(0, 'the same LOCATION: seen; another: not seen'),
        measured: sum(
          inside.map(
            ({ written, seenBy }) => storeOf(written).symmetricDifference(new Set(seenBy)).size,
          ),
        ),
      },
      {
        claim: 'C4',
        what: `${name}: caches of other workers that see what was written, the same LOCATION or not`,
        unit: 'caches',
        expected: exactly(0, 'a LOCATION names a store within one process'),
        measured: pairs(across),
      },
    ];
  },

  sentence(arms) {
    const arm = arms.at(-1)!;
    const { inside, across } = sightsOf(arm);
    const caches = count(Object.keys(arm.observations.locations).length);
    const seen = pairs(across) === 0 ? 'no cache' : counted(pairs(across), 'cache');
    return (
      `Of ${caches} × ${caches} pairs of caches in one process ${count(pairs(inside))} saw the same entries. ` +
      `In ${counted(arm.workers - 1, 'other worker')} ${seen} saw any of them.`
    );
  },

  headline(arms) {
    const { inside, across } = sightsOf(arms.at(-1)!);
    const seen = { name: 'caches of the same process', sights: inside };
    return sideBySide(seen, { name: 'caches of other processes', sights: across }, [
      ['times that a cache saw what was written', ({ sights }) => pairs(sights)],
    ]);
  },

  exhibits: (arms) =>
    arms.map((arm, index) => {
      const names = Object.keys(arm.observations.locations);
      const rows = slotsOf(arm).flatMap((slot) => names.map((name) => ({ slot, name })));
      return strip(rows, {
        id: index === 0 ? 'who-sees' : `who-sees-${index + 1}`,
        title: `Who sees what was written at worker ${WRITER} (${arm.name})`,
        caption: 'A column for each cache that was written to, a row for each that looked.',
        step: 'cache written to',
        stepNames: names,
        legend: { good: 'sees it', bad: '', neutral: '', empty: 'does not see it' },
        label: ({ slot, name }) => `worker ${slot}: ${name}`,
        steps: ({ slot, name }) =>
          arm.observations.sights
            .filter((sight) => sight.slot === slot)
            .map(({ written, seenBy }): Step => {
              const where = `written to “${written}” at worker ${WRITER}: “${name}” at worker ${slot}`;
              return seenBy.includes(name)
                ? ['good', '✓', `${where} sees it`]
                : ['empty', '', `${where} does not see it`];
            }),
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

const pairs = (sights: readonly Sight[]) => sum(sights.map(({ seenBy }) => seenBy.length));
