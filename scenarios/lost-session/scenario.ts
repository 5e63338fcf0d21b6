import { eachFleetAndBackend, refuseBackends } from '../kit/arms.ts';
import type { LabRequest, LabResponse, PhaseLab, Scenario } from '../kit/contract.ts';
import { conclude } from '../kit/finding.ts';
import { noLimits, noRounds, noUserPages } from '../kit/refusals.ts';
import { createKeySampler } from '../theory/key-sampler.ts';
import {
  exhibits,
  findingsOf,
  PAGES_PER_VISIT,
  type Page,
  sentence,
  type Visit,
} from './judgement.ts';

/** How often the client that goes round comes by each worker. */
const TURNS = 6;
/** Visits under way at once. */
const VISITORS = 8;

/** Users log in at one worker and then browse, each page over a connection of its own. */
export const lostSession: Scenario = {
  name: 'lost-session',
  question: 'Why does a server forget who has just logged in?',
  claims: ['C16'],
  seconds: 4,
  defaults: { requests: 1_800 },
  quick: { workers: [3], requests: 600 },
  unused: {
    ...noUserPages('for pages behind a login'),
    ...noLimits(),
    ...noRounds(),
    originDelayMillis: 'sessions are not in the database.',
    connections: 'each page takes a connection of its own.',
    routing: 'each page takes a connection of its own, in turn and then at random.',
    ratePerSecond: 'a visitor asks for the next page when the last one is there.',
  },

  refuse: ({ workers, requests, backends }) => {
    if (workers.every((count) => count < 2)) {
      return `--workers ${workers}: with one worker no session is lost; it is the comparison and runs anyway. Give 2 or more.`;
    }
    if (requests < 100) {
      return `--requests ${requests} is too few visits to tell chance from rule; use 100 or more.`;
    }
    return refuseBackends(backends);
  },

  arms: (options) => eachFleetAndBackend(options, { features: ['sessions'], routing: 'fresh' }),

  async measure(lab) {
    const { workers, requests, seed } = lab.plan;
    await lab.phase('one visitor, workers in turn', async (phase) => {
      const inTurn = await visit(TURNS * workers, (_page, request) => phase.askFleet(request));
      lab.observe('inTurn', inTurn);
    });
    await lab.phase('many visitors, workers at random', async (phase) => {
      const pick = createKeySampler(new Array(workers).fill(1 / workers), seed);
      const visits = Math.floor(requests / (PAGES_PER_VISIT + 1));
      lab.observe('atRandom', await visitsAtRandom(phase, visits, () => 1 + pick()));
    });
  },

  judge(arms) {
    const findings = arms.flatMap(findingsOf);
    return { verdict: conclude(sentence(arms), findings), exhibits: exhibits(arms) };
  },
};

/** Logs in and asks for the pages one by one; `send` chooses where each goes. Page 0 is the login. */
async function visit(
  pages: number,
  send: (page: number, request: LabRequest) => Promise<LabResponse>,
): Promise<Visit> {
  const login = await send(0, { method: 'POST', path: '/sessions', body: { user: 'Ada' } });
  const cookie = String(login.headers['set-cookie']).split(';', 1)[0]!;
  const seen: Page[] = [];
  for (let page = 1; page <= pages; page++) {
    // Kept even when a worker takes it back: the next may know it again.
    const { slot, body } = await send(page, { path: '/sessions/page', headers: { cookie } });
    seen.push({ slot, recognised: (body as { user: string | null }).user === 'Ada' });
  }
  return { login: login.slot, pages: seen };
}

async function visitsAtRandom(
  phase: PhaseLab,
  visits: number,
  pick: () => number,
): Promise<Visit[]> {
  // Drawn beforehand: who asks when must not change who goes where.
  const routes = Array.from({ length: visits }, () =>
    Array.from({ length: PAGES_PER_VISIT + 1 }, pick),
  );
  const done: Visit[] = [];
  const visitor = async () => {
    for (let route = routes.pop(); route; route = routes.pop()) {
      const slots = route;
      done.push(await visit(PAGES_PER_VISIT, (page, request) => phase.ask(slots[page]!, request)));
    }
  };
  await Promise.all(Array.from({ length: VISITORS }, visitor));
  return done;
}
