import type { Lab } from '../kit/contract.ts';

/** The worker that is lost: one of the first server, whose keys nobody else has ever seen. */
const LOST = 1;

/** What happened to the worker that was killed, counted in responses. */
interface LossSeen {
  readonly slot: number;
  /** From the beginning of the phase until it was killed. */
  readonly until: number;
  /** Until its successor answered. */
  readonly away: number;
  /** In that phase and the next. */
  readonly requests: number;
}

/** What is seen of an arm; `null`: no worker was lost in it. */
export type Seen = { readonly loss: LossSeen | null };

/** The first server alone, then both; by key also the loss of a worker. */
export async function measureServers(lab: Lab): Promise<Seen> {
  const two = lab.plan.servers === 2;
  await lab.phase('the first server', async (phase) => {
    if (two) await phase.useServers([1]);
    await phase.traffic();
  });
  await lab.phase(two ? 'both servers' : 'the same server', async (phase) => {
    if (two) await phase.useServers([1, 2]);
    await phase.traffic();
  });
  return { loss: lab.plan.routing === 'by-key' ? await loseWorker(lab) : null };
}

/** Kills a worker while requests come, and goes on when its successor is there. */
async function loseWorker(lab: Lab): Promise<LossSeen> {
  const until = Math.floor(lab.plan.requests / 10);
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
  const kill = {
    afterResponses: until,
    label: `worker ${LOST} is killed`,
    slot: LOST,
  };
  await lab.phase('a worker is lost', (phase) =>
    phase.traffic({ onResponse: watch, events: [{ ...kill, act: () => phase.kill(LOST) }] }),
  );
  await lab.phase('its successor is there', (phase) => phase.traffic({ onResponse: watch }));
  return { slot: LOST, until, away, requests: responses };
}
