import { setTimeout as delay } from 'node:timers/promises';
import { median } from '../../reports/record/tally.ts';
import { slotsOf } from '../kit/arms.ts';
import { type Lab, type LabResponse, type PhaseLab, SERVICE_KILLED } from '../kit/contract.ts';
import { pageName, pageOf, serverMicros } from '../kit/protocol.ts';
import type { Duration, Observed } from './observed.ts';

/** Pages that are in every cache when speed is compared. */
export const HOT_PAGES = 8;
const HOT_KEYS = Array.from({ length: HOT_PAGES }, (_, key) => key);
/** Pages that are asked for one by one: each is stored once. */
export const SERIES = 100;
/** Then all of them again, so many times: hits alone. */
export const TIMES_AGAIN = 3;
const UPDATES = 10;
/** Longer than any message takes; a near cache that is stale after this stays so. */
const STALE_LIMIT_MILLIS = 500;
const LOOK_AGAIN_MILLIS = 5;
const BACK_LIMIT_MILLIS = 10_000;
/** The page of the articles' user 123, or the last one where there are fewer. */
const ARTICLES_KEY = 122;
/** It is changed, and read. */
const PAGE = pageOf(0);

/** One backend, question by question of the articles' table. */
export async function measureBackend(lab: Lab): Promise<Observed> {
  const { service } = lab;
  const isAskedBefore = lab.plan.persistence === 'append-only file';
  await lab.phase('cold start', (phase) => phase.traffic());
  const waits = await oneByOne(lab);
  const memory = await service?.own?.memory();
  const sharing = await whoKnows(lab);
  return {
    ...{ ...waits, sharing },
    workersReplaced: isAskedBefore ? null : await replaceWorkers(lab),
    updates: isAskedBefore ? null : await update(lab),
    service: service && {
      name: service.name,
      startMillis: service.startMillis,
      memory: memory ?? null,
    },
    serviceRestarted: await restartService(lab),
    outage: isAskedBefore ? null : await loseService(lab),
  };
}

/**
 * In one worker: pages that nobody has, each stored once, then hits
 * alone. With one request at a time nothing waits for anything else.
 */
async function oneByOne(lab: Lab): Promise<Pick<Observed, 'get' | 'set'>> {
  const gets: number[] = [];
  const sets: number[] = [];
  await lab.phase('one request at a time', async (phase) => {
    await clearAll(lab, phase);
    for (let request = 0; request < SERIES * (1 + TIMES_AGAIN); request++) {
      const { outcome, headers } = await phase.ask(1, pageOf(request % SERIES));
      const hit = outcome === 'hit';
      const micros = serverMicros(headers, hit ? 'cache' : 'store');
      if (micros !== null) (hit ? gets : sets).push(micros);
    }
  });
  return { get: duration(gets), set: duration(sets) };
}

/** Of all workers, those that know the page which one of them has loaded. */
function whoKnows(lab: Lab): Promise<Observed['sharing']> {
  const { workers, keys } = lab.plan;
  const key = Math.min(ARTICLES_KEY, keys - 1);
  return lab.phase('who knows user_123', async (phase) => {
    await clearAll(lab, phase);
    await phase.ask(1, pageOf(key));
    return { workers, knew: await hitsAt(phase, slotsOf(lab.plan), [key]) };
  });
}

function replaceWorkers(lab: Lab): Promise<Observed['workersReplaced']> {
  const slots = slotsOf(lab.plan);
  return lab.phase('workers replaced', async (phase) => {
    await hitsAt(phase, slots, HOT_KEYS);
    await phase.reload();
    return { lookups: HOT_PAGES * slots.length, hits: await hitsAt(phase, slots, HOT_KEYS) };
  });
}

/** Changes a page through worker 1 and reads it at once at all others, which had it cached. */
function update(lab: Lab): Promise<Observed['updates']> {
  const others = slotsOf(lab.plan).slice(1);
  return lab.phase('updates', async (phase) => {
    const seen = { stale: 0, staleForGood: 0 };
    let longestMillis = 0;
    for (let round = 1; round <= UPDATES; round++) {
      await Promise.all(others.map((slot) => phase.ask(slot, PAGE)));
      const body = { name: `User after update ${round}` };
      const written = await phase.ask(1, { ...PAGE, method: 'PUT', body });
      const began = performance.now();
      const isFresh = async (slot: number) =>
        versionIn(await phase.ask(slot, PAGE)) >= versionIn(written);
      // Once one has stayed stale, nobody is waited for again: it will be the same each time.
      const patienceMillis = seen.staleForGood > 0 ? 0 : STALE_LIMIT_MILLIS;
      await Promise.all(
        others.map(async (slot) => {
          if (await isFresh(slot)) return;
          seen.stale++;
          while (performance.now() - began < patienceMillis) {
            await delay(LOOK_AGAIN_MILLIS);
            if (await isFresh(slot)) return;
          }
          seen.staleForGood++;
        }),
      );
      longestMillis = Math.max(longestMillis, performance.now() - began);
    }
    const reads = UPDATES * others.length;
    return { reads, ...seen, longestMillis: seen.staleForGood > 0 ? null : longestMillis };
  });
}

const versionIn = ({ body }: LabResponse) => (body as { version: number }).version;

/** Kills the service and starts it again; what was in it before is asked for. */
async function restartService(lab: Lab): Promise<Observed['serviceRestarted']> {
  const own = lab.service?.own;
  if (!own) return null;
  return lab.phase('service restarted', async (phase) => {
    await hitsAt(phase, slotsOf(lab.plan), HOT_KEYS);
    phase.event(SERVICE_KILLED);
    await own.kill();
    await own.restart();
    await untilUsed(lab, phase);
    return {
      pages: HOT_PAGES,
      kept: (await keptPages(phase)) ?? (await hitsAt(phase, [1], HOT_KEYS)),
    };
  });
}

/** Traffic all the time; after a third the service is killed, after two thirds it is started again. */
async function loseService(lab: Lab): Promise<Observed['outage']> {
  const own = lab.service?.own;
  if (!own) return null;
  const { requests } = lab.plan;
  const seen = { failures: 0, bypassed: 0, slowestMicros: 0 };
  let backMillis: number | null = null;
  await lab.phase('outage', (phase) =>
    phase.traffic({
      onResponse: ({ status, outcome, latencyMicros }) => {
        if (status !== 200) seen.failures++;
        if (outcome === 'error') seen.bypassed++;
        seen.slowestMicros = Math.max(seen.slowestMicros, latencyMicros);
      },
      events: [
        {
          afterResponses: Math.floor(requests / 3),
          label: SERVICE_KILLED,
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
    }),
  );
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
  const keys = (await phase.holdings())[0]?.keys;
  return keys ? HOT_KEYS.filter((key) => keys.includes(`:1:${pageName(key)}`)).length : null;
}

/** Asks for each of these pages at each of these workers; how many lookups were hits. */
async function hitsAt(
  phase: PhaseLab,
  slots: readonly number[],
  keys: readonly number[],
): Promise<number> {
  let hits = 0;
  for (const slot of slots) {
    for (const key of keys) {
      const { outcome } = await phase.ask(slot, pageOf(key));
      if (outcome === 'hit') hits++;
    }
  }
  return hits;
}

async function clearAll(lab: Lab, phase: PhaseLab): Promise<void> {
  for (const slot of slotsOf(lab.plan)) await phase.clear(slot);
}

function duration(micros: readonly number[]): Duration {
  const sorted = micros.toSorted((a, b) => a - b);
  const series = Array.from({ length: Math.floor(micros.length / SERIES) }, (_, index) =>
    micros.slice(index * SERIES, (index + 1) * SERIES),
  );
  return {
    count: sorted.length,
    p50Micros: median(micros),
    p99Micros: sorted[Math.ceil(0.99 * sorted.length) - 1] ?? null,
    mediansMicros: series.map((one) => median(one)!),
  };
}
