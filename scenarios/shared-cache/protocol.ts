import { setTimeout as delay } from 'node:timers/promises';
import { slotsOf } from '../kit/arms.ts';
import type { Lab, PhaseLab, TrafficResponse } from '../kit/contract.ts';
import { pageName, pageOf, serverMicros } from '../kit/protocol.ts';
import { ALL_HITS, type Duration, type Observed } from './observed.ts';

/** Pages that are in every cache when speed is compared. */
export const HOT_PAGES = 8;
/** Pages that are asked for one by one: each is stored once. */
export const SERIES = 100;
/** Lookups that follow on those, all hits. */
const SERIES_HITS = 300;
const UPDATES = 10;
/** Longer than any message takes; a near cache that is stale after this stays so. */
const STALE_LIMIT_MILLIS = 500;
const LOOK_AGAIN_MILLIS = 5;
const BACK_LIMIT_MILLIS = 10_000;
/** The page of the articles' user 123, or the last one where there are fewer. */
const ARTICLES_KEY = 122;

/** One backend, question by question of the articles' table. */
export async function measureBackend(lab: Lab): Promise<Observed> {
  await lab.phase('cold start', (phase) => phase.traffic());
  const series = await oneByOne(lab);
  const sharing = await whoKnows(lab);
  const writesFile = lab.plan.persistence === 'append-only file';
  if (!writesFile) await allHits(lab);
  const workersReplaced = writesFile ? null : await replaceWorkers(lab);
  const updates = writesFile ? null : await update(lab);
  const memoryBytes = (await lab.service?.own?.memoryBytes()) ?? null;
  const serviceRestarted = await restartService(lab);
  const outage = writesFile ? null : await loseService(lab);
  return {
    service: lab.service && {
      name: lab.service.name,
      startMillis: lab.service.startMillis,
      memoryBytes,
    },
    ...series,
    sharing,
    workersReplaced,
    updates,
    serviceRestarted,
    outage,
  };
}

/**
 * Over one connection, and so in one worker: pages that nobody has, each stored once, then hits
 * alone. With one request at a time nothing waits for anything else.
 */
async function oneByOne(lab: Lab): Promise<Pick<Observed, 'get' | 'set'>> {
  const gets: number[] = [];
  const sets: number[] = [];
  let sent = 0;
  await lab.phase('one request at a time', async (phase) => {
    await clearAll(lab, phase);
    await phase.traffic({
      connections: 1,
      requests: SERIES + SERIES_HITS,
      routing: 'keep-alive',
      request: () => pageOf(sent++ % SERIES),
      onResponse: ({ outcome, headers }) => {
        const hit = outcome === 'hit';
        const micros = serverMicros(headers, hit ? 'cache' : 'store');
        if (micros !== null) (hit ? gets : sets).push(micros);
      },
    });
  });
  return { get: duration(gets), set: duration(sets) };
}

/** Of all workers, those that know the page which one of them has loaded. */
async function whoKnows(lab: Lab): Promise<Observed['sharing']> {
  const { workers, keys } = lab.plan;
  let knew = 0;
  await lab.phase('who knows user_123', async (phase) => {
    await clearAll(lab, phase);
    const request = pageOf(Math.min(ARTICLES_KEY, keys - 1));
    await phase.ask(1, request);
    for (const slot of slotsOf(lab.plan)) {
      const { outcome } = await phase.ask(slot, request);
      if (outcome === 'hit') knew++;
    }
  });
  return { workers, knew };
}

/** What the fleet can do when every lookup is a hit. */
async function allHits(lab: Lab): Promise<void> {
  await lab.phase(ALL_HITS, async (phase) => {
    let sent = 0;
    await phase.traffic({ request: () => pageOf(sent++ % HOT_PAGES) });
  });
}

async function replaceWorkers(lab: Lab): Promise<NonNullable<Observed['workersReplaced']>> {
  let hits = 0;
  await lab.phase('workers replaced', async (phase) => {
    await askAll(lab, phase);
    await phase.reload();
    hits = await askAll(lab, phase);
  });
  return { lookups: HOT_PAGES * lab.plan.workers, hits };
}

/** Changes a page through worker 1 and reads it at once at all others, which had it cached. */
async function update(lab: Lab): Promise<NonNullable<Observed['updates']>> {
  const others = slotsOf(lab.plan).slice(1);
  let stale = 0;
  let staleForGood = 0;
  let longestMillis = 0;
  await lab.phase('updates', async (phase) => {
    const request = pageOf(0);
    for (let round = 1; round <= UPDATES; round++) {
      await Promise.all(others.map((slot) => phase.ask(slot, request)));
      const written = await phase.ask(1, {
        ...request,
        method: 'PUT',
        body: { name: `User after update ${round}` },
      });
      const { version } = written.body as { version: number };
      const began = performance.now();
      const isFresh = async (slot: number) => {
        const { body } = await phase.ask(slot, request);
        return (body as { version: number }).version >= version;
      };
      // Once one has stayed stale, nobody is waited for again: it will be the same each time.
      const patienceMillis = staleForGood > 0 ? 0 : STALE_LIMIT_MILLIS;
      const outcomes = await Promise.all(
        others.map(async (slot) => {
          if (await isFresh(slot)) return 'fresh';
          while (performance.now() - began < patienceMillis) {
            await delay(LOOK_AGAIN_MILLIS);
            if (await isFresh(slot)) return 'fresh later';
          }
          return 'stale';
        }),
      );
      stale += outcomes.filter((outcome) => outcome !== 'fresh').length;
      staleForGood += outcomes.filter((outcome) => outcome === 'stale').length;
      longestMillis = Math.max(longestMillis, performance.now() - began);
    }
  });
  return {
    reads: UPDATES * others.length,
    stale,
    staleForGood,
    longestMillis: staleForGood > 0 ? null : longestMillis,
  };
}

/** Kills the service and starts it again; what was in it before is asked for. */
async function restartService(lab: Lab): Promise<Observed['serviceRestarted']> {
  const own = lab.service?.own;
  if (!own) return null;
  let kept = 0;
  await lab.phase('service restarted', async (phase) => {
    await askAll(lab, phase);
    await own.kill();
    await own.restart();
    await untilUsed(lab, phase);
    kept = (await keptPages(phase)) ?? (await hitsAt(phase, 1));
  });
  return { pages: HOT_PAGES, kept };
}

/** Traffic all the time; after a third the service is killed, after two thirds it is started again. */
async function loseService(lab: Lab): Promise<Observed['outage']> {
  const own = lab.service?.own;
  if (!own) return null;
  const { requests } = lab.plan;
  const seen = { failures: 0, bypassed: 0, slowestMicros: 0 };
  let backMillis: number | null = null;
  await lab.phase('outage', async (phase) => {
    await phase.traffic({
      requests,
      onResponse: ({ status, outcome, latencyMicros }: TrafficResponse) => {
        if (status !== 200) seen.failures++;
        if (outcome === 'error') seen.bypassed++;
        seen.slowestMicros = Math.max(seen.slowestMicros, latencyMicros);
      },
      events: [
        {
          afterResponses: Math.floor(requests / 3),
          label: 'service killed',
          act: () => own.kill(),
        },
        {
          afterResponses: Math.floor((2 * requests) / 3),
          label: 'service started again',
          act: async () => {
            await own.restart();
            backMillis = await untilUsed(lab, phase);
          },
        },
      ],
    });
  });
  return { requests, ...seen, backMillis };
}

/** Waits until the cache of every worker answers again; how long that took, `null` if it never did. */
async function untilUsed(lab: Lab, phase: PhaseLab): Promise<number | null> {
  const began = performance.now();
  const waiting = new Set(slotsOf(lab.plan));
  // A key that is in no near cache: the service itself has to answer.
  const request = pageOf(lab.plan.keys - 1);
  while (performance.now() - began < BACK_LIMIT_MILLIS) {
    for (const slot of [...waiting]) {
      const { outcome } = await phase.ask(slot, request);
      if (outcome !== 'error') waiting.delete(slot);
    }
    if (waiting.size === 0) return performance.now() - began;
  }
  return null;
}

/** The hot pages that the service holds, near copies aside; `null` where it lists no keys. */
async function keptPages(phase: PhaseLab): Promise<number | null> {
  const [first] = await phase.holdings();
  const names = Array.from({ length: HOT_PAGES }, (_, key) => `:1:${pageName(key)}`);
  return first?.keys ? names.filter((name) => first.keys?.includes(name)).length : null;
}

/** Each hot page at each worker; how many lookups were hits. */
async function askAll(lab: Lab, phase: PhaseLab): Promise<number> {
  let hits = 0;
  for (const slot of slotsOf(lab.plan)) hits += await hitsAt(phase, slot);
  return hits;
}

async function hitsAt(phase: PhaseLab, slot: number): Promise<number> {
  let hits = 0;
  for (let key = 0; key < HOT_PAGES; key++) {
    const { outcome } = await phase.ask(slot, pageOf(key));
    if (outcome === 'hit') hits++;
  }
  return hits;
}

async function clearAll(lab: Lab, phase: PhaseLab): Promise<void> {
  for (const slot of slotsOf(lab.plan)) await phase.clear(slot);
}

function duration(micros: readonly number[]): Duration {
  const sorted = micros.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? null;
  return { count: sorted.length, p50Micros: at(0.5), p99Micros: at(0.99) };
}
