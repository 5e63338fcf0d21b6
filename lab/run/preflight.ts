import { once } from 'node:events';
import { createServer } from 'node:net';
import { SERVICES } from '../../reports/record/vocabulary.ts';
import type { ArmPlan } from '../../scenarios/kit/contract.ts';
import { type Fault, LabError } from '../console/errors.ts';
import { loadLauncher } from '../fleet/index.ts';
import { requireAnswer } from '../services/arm-service.ts';
import type { ServiceAddresses } from '../services/programs.ts';
import type { PlannedRun } from './planned-run.ts';
import { createRunFolder } from './run-folder.ts';

/** Where the server and the services of all runs are to be. */
interface Places {
  /** For a launcher that needs one: the Python that a person named. */
  readonly python?: string | undefined;
  /** 0: any free port. */
  readonly port: number;
  readonly services: ServiceAddresses;
}

/**
 * What these runs would be refused by this machine, or by a service that was named: found before
 * anything is started. Makes the temporary folder and opens the port on trial.
 */
export async function machineFaults(
  plans: readonly PlannedRun[],
  { port, services, python }: Places,
): Promise<Fault[]> {
  const named = SERVICES.flatMap((kind) => {
    const location = services[kind];
    return location === undefined ? [] : [requireAnswer(kind, { location, keyPrefix: '' })];
  });
  const open = openFilesFaults(plans, openFilesLimit());
  const launchers = new Set(plans.flatMap(({ options }) => options.launchers));
  const needs = [...launchers].map(async (name) => {
    (await loadLauncher(name)).needs?.(python);
  });
  const tries = [...needs, folderIsThere(), ...(port === 0 ? [] : [portIsFree(port)]), ...named];
  const faults = await Promise.all(tries.map((one) => one.then(() => [], faultOf)));
  return [...open, ...faults.flat()];
}

/** @throws what is a defect of the lab */
function faultOf(error: unknown): Fault[] {
  if (error instanceof LabError) return [error];
  throw error;
}

async function folderIsThere(): Promise<void> {
  createRunFolder().remove();
}

async function portIsFree(port: number): Promise<void> {
  const probe = createServer().listen({ host: '127.0.0.1', port, exclusive: true });
  try {
    await once(probe, 'listening');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? 'is taken' : `cannot be used (${code})`;
    const remedy = 'Choose another --port, or leave it out to get a free one.';
    throw new LabError(`Port ${port} ${why}.`, { remedy, cause });
  }
  await once(probe.close(), 'close');
}

/** A process of a run has so many files open beside its connections, and some to spare. */
const OPEN_FILES = 80;

/** @param limit how many files a process may have open */
export function openFilesFaults(plans: readonly PlannedRun[], limit: number): Fault[] {
  const arms = plans.flatMap(({ scenario, options }) => scenario.arms(options));
  const needed = OPEN_FILES + Math.max(0, ...arms.map(filesForConnections));
  if (needed <= limit) return [];
  return [
    {
      message: `A process may have ${limit} files open here, and this run needs ${needed}: each connection is one.`,
      remedy: `Raise the limit (ulimit -n ${needed}), or use fewer --connections.`,
    },
  ];
}

/** The busiest process of an arm: the lab itself, or whoever accepts connections and passes them on. */
function filesForConnections({ connections, routing, servers, launcher }: ArmPlan): number {
  if (launcher === 'threads') return 3 * connections;
  return routing === 'by-key' || servers > 1 ? 2 * connections : connections;
}

function openFilesLimit(): number {
  // Looking up all of its addresses takes longer than the rest.
  Object.assign(process.report, { excludeNetwork: true });
  const { userLimits } = process.report.getReport() as {
    userLimits?: { open_files?: { soft: number | 'unlimited' } };
  };
  const soft = userLimits?.open_files?.soft;
  return typeof soft === 'number' ? soft : Number.POSITIVE_INFINITY;
}
