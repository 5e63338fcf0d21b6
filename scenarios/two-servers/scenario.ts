import type { Lab } from '../kit/contract.ts';
import { planArm, type Scenario } from '../kit/contract.ts';
import { conclude } from '../kit/finding.ts';
import { localMemoryOnly, noLimits, noRounds } from '../kit/refusals.ts';
import { exhibits, findingsOf, type LossSeen, sentence } from './judgement.ts';

/** The worker that is lost: one of the first server, whose keys nobody else has ever seen. */
const LOST = 1;
/** More processes than this say more about the machine than about caches. */
const MOST_WORKERS = 8;

/** A warm server, and a second one that joins it: by turns, and then by key. */
export const twoServers: Scenario = {
  name: 'two-servers',
  question: 'A second server joins a warm one. What does the balancer make of their caches?',
  claims: ['C5'],
  seconds: 6,
  // It counts misses; what each of them costs is another scenario's subject.
  originOrders: 5_000,
  defaults: { workers: [2], requests: 1_000 },
  quick: { workers: [1], requests: 400, keys: 60, connections: 10 },
  unused: {
    ...noLimits(),
    ...localMemoryOnly(),
    ...noRounds(),
    originDelayMillis:
      'two requests that wait for the same key would both miss, which blurs the count.',
  },

  refuse({ workers, routing, popularity, keys, maxEntries }) {
    if (workers.length > 1 || workers[0]! > MOST_WORKERS) {
      return `--workers ${workers}: it is the number for each of two servers; give one number up to ${MOST_WORKERS}.`;
    }
    if (routing === 'fresh') {
      return '--routing fresh: clients connect to the balancer, which keeps its own connections to the servers.';
    }
    if (popularity === 'cyclic') {
      return '--popularity cyclic: theory speaks of keys that are asked for at random.';
    }
    return keys > maxEntries
      ? `--keys ${keys} is more than a cache holds (${maxEntries}); nothing is to be evicted here.`
      : null;
  },

  arms(options) {
    const [workers] = options.workers as [number];
    const two = { workers: 2 * workers, servers: 2 };
    const arms = [
      planArm(options, { name: '1 server', workers, routing: 'keep-alive' }),
      planArm(options, { name: '2 servers by turns', ...two, routing: 'keep-alive' }),
      planArm(options, { name: '2 servers by key', ...two, routing: 'by-key' }),
    ];
    // Asked for by key, the turns are left out.
    return options.routing === 'by-key' ? arms.filter((_, index) => index !== 1) : arms;
  },

  async measure(lab) {
    const two = lab.plan.servers === 2;
    await lab.phase('the first server', async (phase) => {
      if (two) await phase.useServers([1]);
      await phase.traffic();
    });
    await lab.phase(two ? 'both servers' : 'the same server', async (phase) => {
      if (two) await phase.useServers([1, 2]);
      await phase.traffic();
    });
    if (lab.plan.routing === 'by-key') await loseWorker(lab);
  },

  judge(arms) {
    return {
      verdict: conclude(sentence(arms), arms.flatMap(findingsOf)),
      exhibits: exhibits(arms),
    };
  },
};

/** Kills a worker while requests come, and goes on when its successor is there. */
async function loseWorker(lab: Lab): Promise<void> {
  const killAfter = Math.floor(lab.plan.requests / 10);
  let responses = 0;
  let lastFromLost = 0;
  let away = 0;
  const watch = ({ slot }: { slot: number }) => {
    responses += 1;
    if (slot !== LOST) return;
    // Its longest silence: while it is there, hardly a moment passes without a key of its own.
    away = Math.max(away, responses - lastFromLost - 1);
    lastFromLost = responses;
  };
  await lab.phase('a worker is lost', (phase) =>
    phase.traffic({
      onResponse: watch,
      events: [
        {
          afterResponses: killAfter,
          label: `worker ${LOST} is killed`,
          slot: LOST,
          act: () => phase.kill(LOST),
        },
      ],
    }),
  );
  await lab.phase('its successor is there', (phase) => phase.traffic({ onResponse: watch }));
  lab.observe('loss', {
    slot: LOST,
    until: killAfter,
    away,
    requests: responses,
  } satisfies LossSeen);
}
