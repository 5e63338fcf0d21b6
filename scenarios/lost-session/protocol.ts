import type { Lab, LabRequest, LabResponse } from '../kit/contract.ts';
import { randomSlots } from '../kit/protocol.ts';

/** How often the client that goes round comes by each worker. */
const TURNS = 6;
/** A visit: one login, then so many pages. */
export const PAGES_PER_VISIT = 2;
/** Visits under way at once. */
const VISITORS = 8;

/** A page after the login: who answered, and whether it knew the visitor. */
export interface Page {
  readonly slot: number;
  readonly recognised: boolean;
}

/** One visit as it went. */
export interface Visit {
  readonly login: number;
  readonly pages: readonly Page[];
}

/** What is seen of an arm. */
export interface Seen {
  readonly inTurn: Visit;
  readonly atRandom: readonly Visit[];
}

/** One visit to the workers in turn, and then many, each page of them at a random worker. */
export async function measureVisits(lab: Lab): Promise<Seen> {
  const { workers, requests } = lab.plan;
  const inTurn = await lab.phase('one visitor, workers in turn', (phase) =>
    visit(TURNS * workers, (_page, request) => phase.askFleet(request)),
  );
  // Drawn beforehand: who asks when must not change who goes where.
  const perVisit = PAGES_PER_VISIT + 1;
  const slots = randomSlots(lab.plan, Math.floor(requests / perVisit) * perVisit);
  const atRandom: Visit[] = [];
  await lab.phase('many visitors, workers at random', async (phase) => {
    let waiting = slots.length;
    const visitor = async () => {
      while (waiting > 0) {
        waiting -= perVisit;
        const route = slots.slice(waiting, waiting + perVisit);
        atRandom.push(
          await visit(PAGES_PER_VISIT, (page, request) => phase.ask(route[page]!, request)),
        );
      }
    };
    await Promise.all(Array.from({ length: VISITORS }, visitor));
  });
  return { inTurn, atRandom };
}

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
