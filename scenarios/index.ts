import { counter } from './counter/scenario.ts';
import { eviction } from './eviction/scenario.ts';
import { expiry } from './expiry/scenario.ts';
import { firstRequest } from './first-request/scenario.ts';
import { hitRate } from './hit-rate/scenario.ts';
import { keepAlive } from './keep-alive/scenario.ts';
import type { Scenario } from './kit/contract.ts';
import { locations } from './locations/scenario.ts';
import { lostSession } from './lost-session/scenario.ts';
import { memory } from './memory/scenario.ts';
import { rateLimit } from './rate-limit/scenario.ts';
import { restart } from './restart/scenario.ts';
import { sharedCache } from './shared-cache/scenario.ts';
import { staleReads } from './stale-reads/scenario.ts';
import { stampede } from './stampede/scenario.ts';
import { threads } from './threads/scenario.ts';
import { twoServers } from './two-servers/scenario.ts';
import { user123 } from './user-123/scenario.ts';

/** The scenarios by name, in the order of the course. A new one is a folder and a line here. */
export const scenarios: Readonly<Record<string, Scenario>> = Object.fromEntries(
  [
    firstRequest,
    user123,
    hitRate,
    restart,
    eviction,
    expiry,
    staleReads,
    lostSession,
    rateLimit,
    counter,
    stampede,
    twoServers,
    keepAlive,
    threads,
    memory,
    locations,
    sharedCache,
  ].map((scenario) => [scenario.name, scenario]),
);
