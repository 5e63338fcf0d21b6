import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { BACKENDS, type ServiceName } from '../../reports/record/vocabulary.ts';
import type { ArmPlan, LabService } from '../../scenarios/kit/contract.ts';
import { openCache } from '../../server/cache/index.ts';
import { featurePrefix, type ServiceAddress } from '../../server/protocol.ts';
import { LabError } from '../console/errors.ts';
import type { ServiceAddresses } from './programs.ts';
import { startService } from './services.ts';

/** The service of one arm: where the workers find it, and what the scenario may do to it. */
export interface ArmService extends LabService {
  readonly address: ServiceAddress;
  /** As {@link PrivateService.failure}; of a service that ran already nobody knows. */
  readonly failure: AbortSignal;
  /** Ends a private service; removes the arm's keys from one that ran already. Never throws. */
  close(): Promise<void>;
}

/** Where an arm keeps its entries that are in a file: one of its own, in the folder of the run. */
export function fileAddress(plan: ArmPlan, runFolder: string): ServiceAddress | undefined {
  if (!BACKENDS[plan.backend].file) return undefined;
  const name = `${plan.backend}-${randomBytes(6).toString('hex')}`;
  return { location: path.join(runFolder, name), keyPrefix: 'lab' };
}

interface ServiceContext {
  readonly runFolder: string;
  readonly services?: ServiceAddresses | undefined;
  readonly signal: AbortSignal;
}

/**
 * Starts the service that the arm's backend needs, or reaches the one that runs; `null`: none.
 *
 * @throws LabError when it cannot be started or does not answer
 */
export async function openService(
  plan: ArmPlan,
  context: ServiceContext,
): Promise<ArmService | null> {
  const kind = BACKENDS[plan.backend].service;
  if (kind === null) return null;
  // Nobody else's keys begin like this, also in a service that many use.
  const keyPrefix = `lab-${randomBytes(6).toString('hex')}`;
  const running = context.services?.[kind];
  if (running !== undefined) return borrowed(kind, { location: running, keyPrefix }, plan);
  const service = await startService(kind, {
    runFolder: context.runFolder,
    persistence: plan.persistence,
    signal: context.signal,
  });
  return {
    address: { location: service.location, keyPrefix },
    name: service.program,
    startMillis: service.startMillis,
    own: service,
    failure: service.failure,
    close: () => service.stop(),
  };
}

async function borrowed(
  kind: ServiceName,
  address: ServiceAddress,
  { features = [] }: ArmPlan,
): Promise<ArmService> {
  await requireAnswer(kind, address);
  return {
    address,
    name: withoutPassword(address.location),
    startMillis: null,
    own: null,
    failure: new AbortController().signal,
    async close() {
      const prefixes = [undefined, ...features].map((name) =>
        featurePrefix(address.keyPrefix, name),
      );
      await Promise.all(prefixes.map((keyPrefix) => removeKeys(kind, { ...address, keyPrefix })));
    },
  };
}

/**
 * Asks a service that was named whether it is there.
 *
 * @throws LabError when it does not answer
 */
export async function requireAnswer(kind: ServiceName, address: ServiceAddress): Promise<void> {
  const cache = await openCache({ backend: kind, ...address });
  try {
    const found = await cache.lookup('anybody-there');
    if (found.outcome !== 'error') return;
    throw new LabError(`--${kind} ${withoutPassword(address.location)}: ${found.error.message}`, {
      remedy: `Start it, name another one, or omit --${kind}: the lab then starts its own.`,
      cause: found.error,
    });
  } finally {
    await cache.close();
  }
}

/** Whatever could not be removed expires by itself; the run is not to fail for that. */
async function removeKeys(kind: ServiceName, address: ServiceAddress): Promise<void> {
  const cache = await openCache({ backend: kind, ...address });
  try {
    await cache.clear();
  } catch (error) {
    process.emitWarning(
      `Keys that begin with ${address.keyPrefix} could not be removed from ${kind}: ${(error as Error).message}`,
    );
  } finally {
    await cache.close();
  }
}

/** The address of a service as it may be shown and kept: without user, password and parameters. */
export function withoutPassword(location: string): string {
  if (/^\w+:\/\//.test(location) && URL.canParse(location)) {
    const { protocol, username, password, host, pathname } = new URL(location);
    return username + password === '' ? location : `${protocol}//…@${host}${pathname}`;
  }
  return location.replace(/^.*@/s, '…@');
}
