import { parseArgs } from 'node:util';
import { type Attempt, commandOf, make } from './campaign/attempt.ts';
import { chanceOf } from './campaign/chance.ts';
import { environments } from './campaign/environments.ts';
import { faults } from './campaign/faults.ts';
import { inputs } from './campaign/inputs.ts';
import { records } from './campaign/records.ts';
import { signals } from './campaign/signals.ts';

/*
 * `npm run test:campaign`: tries to break the lab from outside, for ten minutes at most. Each kind of
 * attack goes on for its share of the time; what was not as it should be is named, with the command
 * that repeats it. Needs Linux, Redis and Memcached.
 */

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '9' },
    only: { type: 'string' },
  },
});

interface Tried {
  readonly name: string;
  readonly command: string;
  make(): Promise<string[]>;
}

/** A kind of attack: what is tried, for which share of the time, and how many at once. */
interface Kind {
  readonly tries: Iterator<Tried>;
  readonly share: number;
  readonly atOnce: number;
}

const started = (tries: Generator<Attempt>): Iterator<Tried> =>
  tries.map((one) => ({ name: one.name, command: commandOf(one), make: () => make(one) }));

const chance = () => chanceOf(Number(values.seed));
const again = (kind: string) =>
  `npm run test:campaign -- --only ${kind} --seed ${values.seed} --minutes ${values.minutes}`;
const KINDS: Readonly<Record<string, Kind>> = {
  records: {
    tries: records(chance()).map((one) => ({ ...one, command: again('records') })),
    ...{ share: 0.15, atOnce: 1 },
  },
  inputs: { tries: started(inputs(chance())), share: 0.15, atOnce: 2 },
  environments: { tries: started(environments()), share: 0.25, atOnce: 2 },
  signals: { tries: started(signals(chance())), share: 0.25, atOnce: 2 },
  faults: { tries: started(faults(chance())), share: 0.2, atOnce: 2 },
};

const kinds = Object.entries(KINDS).filter(([name]) => name === (values.only ?? name));
const shares = kinds.reduce((sum, [, { share }]) => sum + share, 0);
let bad = 0;
for (const [name, kind] of kinds) {
  const millis = (60_000 * Number(values.minutes) * kind.share) / shares;
  const { tried, wrong } = await attack(kind, performance.now() + millis);
  say(`${name.padEnd(13)} ${tried} tried, ${tried - wrong} as it should be`);
  bad += wrong;
}
process.exitCode = bad === 0 ? 0 : 1;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Tries one after the other, until there are no more or the time is over. */
async function attack(
  { tries, atOnce }: Kind,
  last: number,
): Promise<{ tried: number; wrong: number }> {
  let tried = 0;
  let wrong = 0;
  const one = async () => {
    while (performance.now() < last) {
      const { value, done } = tries.next();
      if (done) return;
      const found = await value.make();
      tried += 1;
      if (found.length === 0) continue;
      wrong += 1;
      say([`✘ ${value.name}`, ...found, value.command].join('\n    '));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return { tried, wrong };
}
