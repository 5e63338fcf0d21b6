import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { BackendName } from '../../reports/record/vocabulary.ts';
import { planArm } from '../../scenarios/kit/arms.ts';
import type { ArmPlan } from '../../scenarios/kit/contract.ts';
import { openCache } from '../../server/cache/index.ts';
import { featurePrefix } from '../../server/protocol.ts';
import { DEFAULTS } from '../console/options.ts';
import { openService, withoutPassword } from './arm-service.ts';
import { type PrivateService, startService } from './services.ts';

const runFolder = mkdtempSync(path.join(tmpdir(), 'arm-service-'));
const { signal } = new AbortController();
let redis: PrivateService;
beforeAll(async () => {
  redis = await startService('redis', { runFolder });
});
afterAll(async () => {
  await redis?.stop();
  rmSync(runFolder, { recursive: true, force: true });
});

const arm = (backend: BackendName, change: Partial<ArmPlan> = {}) =>
  planArm(DEFAULTS, { name: 'an arm', workers: 1, backend, ...change });

describe('the service of an arm', () => {
  test('is none for a cache in the process', async () => {
    for (const backend of ['locmem', 'dummy'] as const) {
      expect(await openService(arm(backend), { runFolder, services: {}, signal })).toBeNull();
    }
  });

  test('that runs already keeps what others have in it, and nothing of the arm', async () => {
    const services = { redis: redis.location };
    const plan = arm('tiered', { features: ['sessions'] });
    const service = (await openService(plan, { runFolder, services, signal }))!;
    expect(service).toMatchObject({ name: redis.location, startMillis: null, own: null });
    const { location, keyPrefix } = service.address;
    expect(location).toBe(redis.location);
    const prefixes = [keyPrefix, featurePrefix(keyPrefix, 'sessions'), 'theirs'];
    const caches = await Promise.all(
      prefixes.map((keyPrefix) => openCache({ backend: 'redis', location, keyPrefix })),
    );
    for (const cache of caches) await cache.set('k', 1);
    await service.close();
    expect(await Promise.all(caches.map((cache) => cache.get('k')))).toEqual([
      undefined,
      undefined,
      1,
    ]);
    for (const cache of caches) await cache.close();
  });

  test('has a prefix that no other arm has', async () => {
    const context = { runFolder, services: { redis: redis.location }, signal };
    const [one, other] = [
      await openService(arm('redis'), context),
      await openService(arm('redis'), context),
    ];
    expect(one!.address.keyPrefix).not.toBe(other!.address.keyPrefix);
    await Promise.all([one!.close(), other!.close()]);
  });

  test('that is named and not there is told without its password', async () => {
    vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const services = { redis: 'redis://me:p@ss@127.0.0.1:1' };
    const failed = openService(arm('redis'), { runFolder, services, signal });
    await expect(failed).rejects.toThrow(/^--redis redis:\/\/…@127\.0\.0\.1:1: Redis cannot be/);
    vi.restoreAllMocks();
  });
});

test.each([
  ['redis://127.0.0.1:6379', 'redis://127.0.0.1:6379'],
  ['redis://user:secret@host:6379/2', 'redis://…@host:6379/2'],
  ['redis://user:s@cret@host', 'redis://…@host'],
  ['redis://:secret@[::1]:6379', 'redis://…@[::1]:6379'],
  ['rediss://user@host', 'rediss://…@host'],
  ['redis://u:secret@host?password=secret', 'redis://…@host'],
  ['unix:///run/redis.sock', 'unix:///run/redis.sock'],
  ['127.0.0.1:11211', '127.0.0.1:11211'],
  ['localhost:11211', 'localhost:11211'],
  ['user:s@cret@host:11211', '…@host:11211'],
])('of %s is shown %s', (location, shown) => {
  expect(withoutPassword(location)).toBe(shown);
});
