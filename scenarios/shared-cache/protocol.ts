import { setTimeout as delay } from 'node:timers/promises';
import type { Lab, LabRequest, PhaseLab, TrafficResponse } from '../kit/contract.ts';
import type { Duration, Observed } from './observed.ts';

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
export async function measureBackend(lab: Lab): Promise<void> {
  await lab.phase('cold start', (phase) => phase.traffic());
  const series = await oneByOne(lab);
  const sharing = await whoKnows(lab);
  const writesFile = lab.plan.persistence === 'append-only file';
  const requestsPerSecond = writesFile ? null : await allHits(lab);
  const workersReplaced = writesFile ? null : await replaceWorkers(lab);
  const updates = writesFile ? null : await update(lab);
  const memoryBytes = (await lab.service?.own?.memoryBytes()) ?? null;
  const serviceRestarted = await restartService(lab);
  const outage = writesFile ? null : await loseService(lab);
  const backend: Observed = {
    service: lab.service && {
      name: lab.service.name,
      startMillis: lab.service.startMillis,
      memoryBytes,
      persistence: lab.plan.persistence ?? 'none',
    },
    ...series,
    sharing,
    requestsPerSecond,
    workersReplaced,
    updates,
    serviceRestarted,
    outage,
  };
  lab.observe('backend', backend);
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
      request: () => page(sent++ % SERIES),
      onResponse: ({ outcome, headers }) => {
        if (outcome === 'hit') gets.push(serverMicros(headers, 'cache'));
        else sets.push(serverMicros(headers, 'store'));
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
    const request = page(Math.min(ARTICLES_KEY, keys - 1));
    await phase.ask(1, request);
    for (let slot = 1; slot <= workers; slot++) {
      const { outcome } = await phase.ask(slot, request);
      if (outcome === 'hit') knew++;
    }
  });
  return { workers, knew };
}

/** What the fleet can do when every lookup is a hit. */
async function allHits(lab: Lab): Promise<number | null> {
  const { requestsPerSecond } = await lab.phase('nothing but hits', async (phase) => {
    let sent = 0;
    await phase.traffic({ request: () => page(sent++ % HOT_PAGES), requests: lab.plan.requests });
  });
  return requestsPerSecond;
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
  const others = Array.from({ length: lab.plan.workers - 1 }, (_, index) => index + 2);
  let stale = 0;
  let staleForGood = 0;
  let longestMillis = 0;
  await lab.phase('updates', async (phase) => {
    const request = page(0);
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
  const waiting = new Set(Array.from({ length: lab.plan.workers }, (_, index) => index + 1));
  // A key that is in no near cache: the service itself has to answer.
  const request = page(lab.plan.keys - 1);
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
  const names = Array.from({ length: HOT_PAGES }, (_, key) => `:1:user_${key + 1}`);
  return first?.keys ? names.filter((name) => first.keys?.includes(name)).length : null;
}

/** Each hot page at each worker; how many lookups were hits. */
async function askAll(lab: Lab, phase: PhaseLab): Promise<number> {
  let hits = 0;
  for (let slot = 1; slot <= lab.plan.workers; slot++) hits += await hitsAt(phase, slot);
  return hits;
}

async function hitsAt(phase: PhaseLab, slot: number): Promise<number> {
  let hits = 0;
  for (let key = 0; key < HOT_PAGES; key++) {
    const { outcome } = await phase.ask(slot, page(key));
    if (outcome === 'hit') hits++;
  }
  return hits;
}

async function clearAll(lab: Lab, phase: PhaseLab): Promise<void> {
  for (let slot = 1; slot <= lab.plan.workers; slot++) await phase.clear(slot);
}

function page(key: number): LabRequest {
  return { path: `/users/${key + 1}`, key };
}

/** One entry of the header Server-Timing, in microseconds; NaN where there is none. */
function serverMicros(headers: TrafficResponse['headers'], name: string): number {
  const match = new RegExp(`(?:^|, )${name};dur=([\\d.]+)`).exec(headers['server-timing'] ?? '');
  return match ? Number(match[1]) * 1_000 : Number.NaN;
}

function duration(micros: readonly number[]): Duration {
  const sorted = micros.filter(Number.isFinite).sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? null;
  return { count: sorted.length, p50Micros: at(0.5), p99Micros: at(0.99) };
}
