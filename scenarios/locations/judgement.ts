import type { Arm, Exhibit, Finding } from '../../reports/record/schema.ts';
import { LOCATIONS, type LocatedCache } from '../../server/protocol.ts';
import { counted, exactly, finding } from '../kit/finding.ts';

/** Which caches of one worker had a key that was written to one cache. */
export interface Sight {
  readonly written: LocatedCache;
  readonly slot: number;
  /** Whether this worker is the one where the key was written. */
  readonly atWriter: boolean;
  readonly seenBy: readonly LocatedCache[];
}

const NAMES = Object.keys(LOCATIONS) as LocatedCache[];

/** What theory says of one arm, and what came of it. */
export function findingsOf(arm: Arm): Finding[] {
  const { inside, across } = sightsIn(arm);
  if (inside.length === 0) return [];
  return [
    finding({
      claim: 'C3',
      what: `${arm.name}: pairs of caches in one worker that see the same entries`,
      unit: 'pairs',
      expected: exactly(
        NAMES.reduce((sum, written) => sum + sharing(written).length, 0),
        'caches with the same LOCATION are one store, and so are those without one',
      ),
      measured: pairs(inside),
    }),
    finding({
      claim: 'C3',
      what: `${arm.name}: pairs in one worker that are not as their LOCATION says`,
      unit: 'pairs',
      expected: exactly(0, 'the same LOCATION: seen; another: not seen'),
      measured: inside.reduce((sum, sight) => sum + surprises(sight), 0),
    }),
    finding({
      claim: 'C4',
      what: `${arm.name}: caches of other workers that see what was written, the same LOCATION or not`,
      unit: 'caches',
      expected: exactly(0, 'a LOCATION names a store within one process'),
      measured: pairs(across),
    }),
  ];
}

/** The caches with the same LOCATION, the one itself included. */
function sharing(written: LocatedCache): LocatedCache[] {
  return NAMES.filter((name) => LOCATIONS[name] === LOCATIONS[written]);
}

function surprises({ written, seenBy }: Sight): number {
  const should = sharing(written);
  return NAMES.filter((name) => should.includes(name) !== seenBy.includes(name)).length;
}

const pairs = (sights: readonly Sight[]) =>
  sights.reduce((sum, sight) => sum + sight.seenBy.length, 0);

export function sentence(arms: readonly Arm[]): string {
  const arm = arms.at(-1);
  if (!arm) return 'Nothing was measured.';
  const { inside, across } = sightsIn(arm);
  const others = new Set(across.map((sight) => sight.slot)).size;
  return (
    `Of ${NAMES.length ** 2} pairs of caches in one process ${pairs(inside)} saw the same entries. ` +
    `In ${counted(others, 'other worker')} ${pairs(across) === 0 ? 'no cache' : counted(pairs(across), 'cache')} saw any of them.`
  );
}

export function exhibits(arms: readonly Arm[]): Exhibit[] {
  return arms.map((arm, index) => {
    const { inside, across } = sightsIn(arm);
    const slots = [...new Set([...inside, ...across].map((sight) => sight.slot))];
    return {
      kind: 'strip',
      id: index === 0 ? 'who-sees' : `who-sees-${index + 1}`,
      title: `Who sees what was written at worker 1 (${arm.name})`,
      caption: `One step for each cache that was written to, in this order: ${NAMES.join(', ')}. One row for each cache that looked.`,
      step: 'cache written to',
      legend: { good: 'sees it', bad: '', neutral: '', empty: 'does not see it' },
      rows: slots.flatMap((slot) =>
        NAMES.map((name) => ({
          label: `worker ${slot}: ${name}`,
          cells: NAMES.map((written) => {
            const sight = [...inside, ...across].find(
              (one) => one.slot === slot && one.written === written,
            );
            const sees = sight?.seenBy.includes(name) ?? false;
            return {
              state: sees ? ('good' as const) : ('empty' as const),
              text: sees ? '✓' : '',
              detail: `written to “${written}” at worker 1: “${name}” at worker ${slot} ${sees ? 'sees' : 'does not see'} it`,
            };
          }),
        })),
      ),
    };
  });
}

function sightsIn({ observations }: Arm): { inside: Sight[]; across: Sight[] } {
  const sights = (observations.sights ?? []) as Sight[];
  return {
    inside: sights.filter((sight) => sight.atWriter),
    across: sights.filter((sight) => !sight.atWriter),
  };
}
