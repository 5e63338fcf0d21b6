import { execFileSync } from 'node:child_process';
import { existsSync, statfsSync } from 'node:fs';
import { createServer, type ListenOptions, type Server } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { chromiumCandidates } from '../../reports/page/chromium-path.ts';
import type { ServiceName } from '../../reports/record/vocabulary.ts';
import { LabError } from '../console/errors.ts';
import { createRunFolder } from '../run/run-folder.ts';
import { findProgram } from '../services/programs.ts';

/** One thing about a machine, and whether it will do. */
export interface MachineCheck {
  readonly name: string;
  /** `doubt`: it works, with a drawback; `missing`: not needed by most lessons. */
  readonly state: 'good' | 'doubt' | 'missing' | 'bad';
  /** In plain words. */
  readonly said: string;
  /** What to do about it. */
  readonly remedy?: string;
}

/** What of the machine is looked at; a test puts other values in. */
export interface Machine {
  readonly nodeVersion: string;
  /** `null`: npm cannot be started. */
  readonly npmVersion: string | null;
  readonly cores: number;
  readonly freeMemoryBytes: number;
  readonly freeDiskBytes: number;
  readonly temporaryFolder: string;
  readonly searchPath: string;
  readonly chromiumPlaces: readonly string[];
}

const MIB = 2 ** 20;
/** A worker takes about 120 MiB; four of them, the primary and the lab itself. */
const MEMORY_WANTED = 1024 * MIB;
const MEMORY_NEEDED = 512 * MIB;
/** The database of a run and its record. */
const DISK_NEEDED = 200 * MIB;
const PORTS_WANTED = 4;

/** Looks at everything that a lesson needs; never throws. */
export async function checkMachine(machine: Machine = thisMachine()): Promise<MachineCheck[]> {
  return [
    checkNode(machine),
    checkNpm(machine),
    await checkPorts(),
    await checkSockets(machine),
    checkCores(machine),
    checkMemory(machine),
    checkDisk(machine),
    checkService('redis', machine),
    checkService('memcached', machine),
    checkChromium(machine),
  ];
}

/** The machine that this runs on. */
export function thisMachine(): Machine {
  return {
    nodeVersion: process.versions.node,
    npmVersion: npmVersion(),
    cores: os.availableParallelism(),
    freeMemoryBytes: process.availableMemory(),
    freeDiskBytes: freeDisk(os.tmpdir()),
    temporaryFolder: os.tmpdir(),
    searchPath: process.env.PATH ?? '',
    chromiumPlaces: chromiumCandidates(),
  };
}

function checkNode({ nodeVersion }: Machine): MachineCheck {
  const enough = major(nodeVersion) >= 24;
  return {
    name: 'Node',
    state: enough ? 'good' : 'bad',
    said: `The lab runs on Node ${nodeVersion}.`,
    ...(!enough && {
      remedy: 'Start it by "npm run lab", which takes the Node that "npm ci" has installed.',
    }),
  };
}

function checkNpm({ npmVersion }: Machine): MachineCheck {
  if (npmVersion === null) {
    return {
      name: 'npm',
      state: 'bad',
      said: 'npm cannot be started.',
      remedy: 'Install Node 20.19 or newer from https://nodejs.org; npm comes with it.',
    };
  }
  const enough = major(npmVersion) >= 10;
  return {
    name: 'npm',
    state: enough ? 'good' : 'bad',
    said: `npm is version ${npmVersion}${enough ? '.' : ', and 10 or newer is needed.'}`,
    ...(!enough && { remedy: 'Run: npm install --global npm@10' }),
  };
}

async function checkPorts(): Promise<MachineCheck> {
  const servers: Server[] = [];
  try {
    for (let index = 0; index < PORTS_WANTED; index++) {
      servers.push(await listen({ host: '127.0.0.1', port: 0 }));
    }
    return { name: 'Ports', state: 'good', said: 'There are free ports on 127.0.0.1.' };
  } catch (error) {
    return {
      name: 'Ports',
      state: 'bad',
      said: `No port on 127.0.0.1 could be opened: ${(error as Error).message}.`,
      remedy: 'Look for a firewall or a sandbox that forbids it.',
    };
  } finally {
    for (const server of servers) server.close();
  }
}

/** Makes a socket just where and how a run would. */
async function checkSockets({ temporaryFolder }: Machine): Promise<MachineCheck> {
  try {
    const folder = createRunFolder(temporaryFolder);
    try {
      const server = await listen({ path: path.join(folder.path, LONGEST_SOCKET) });
      server.close();
    } finally {
      folder.remove();
    }
    return { name: 'Sockets', state: 'good', said: `Unix sockets work in ${temporaryFolder}.` };
  } catch (error) {
    const known = error instanceof LabError;
    return {
      name: 'Sockets',
      state: 'bad',
      said: known
        ? error.message
        : `No Unix socket could be made in ${temporaryFolder}: ${(error as Error).message}.`,
      remedy: known
        ? error.remedy
        : 'On Windows use WSL; elsewhere set TMPDIR to a local folder, e.g. TMPDIR=/tmp.',
    };
  }
}

const LONGEST_SOCKET = 'control-64-4194304.sock';

function checkCores({ cores }: Machine): MachineCheck {
  return {
    name: 'Cores',
    state: cores > 1 ? 'good' : 'doubt',
    said: cores > 1 ? `There are ${cores} cores.` : 'There is one core.',
    ...(cores === 1 && {
      remedy: 'Lessons work, but take longer; hit rates stay right, latencies say little.',
    }),
  };
}

function checkMemory({ freeMemoryBytes }: Machine): MachineCheck {
  const state =
    freeMemoryBytes >= MEMORY_WANTED ? 'good' : freeMemoryBytes >= MEMORY_NEEDED ? 'doubt' : 'bad';
  return {
    name: 'Memory',
    state,
    said: `${Math.floor(freeMemoryBytes / MIB)} MiB of memory are free; four workers take about 700.`,
    ...(state !== 'good' && { remedy: 'Close other programs, or use fewer workers: --workers 2.' }),
  };
}

function checkDisk({ freeDiskBytes, temporaryFolder }: Machine): MachineCheck {
  const enough = freeDiskBytes >= DISK_NEEDED;
  return {
    name: 'Disk',
    state: enough ? 'good' : 'bad',
    said: `${Math.floor(freeDiskBytes / MIB)} MiB are free in ${temporaryFolder}.`,
    ...(!enough && { remedy: `Make room: a run needs about ${DISK_NEEDED / MIB} MiB.` }),
  };
}

const SERVICES: Record<ServiceName, string> = { redis: 'Redis', memcached: 'Memcached' };

function checkService(kind: ServiceName, { searchPath }: Machine): MachineCheck {
  const name = SERVICES[kind];
  try {
    const file = findProgram(kind, searchPath);
    return { name, state: 'good', said: `${path.basename(file)} is there.` };
  } catch (error) {
    return {
      name,
      state: 'missing',
      said: `${(error as LabError).message} Only comparisons with a shared cache need it.`,
      remedy: (error as LabError).remedy,
    };
  }
}

function checkChromium({ chromiumPlaces }: Machine): MachineCheck {
  const found = chromiumPlaces.find((file) => existsSync(file));
  return found
    ? { name: 'Chromium', state: 'good', said: `${path.basename(found)} is there.` }
    : {
        name: 'Chromium',
        state: 'missing',
        said: 'No Chromium was found. Only the project’s own tests need it; any browser shows reports.',
        remedy: 'Run: npm run test:setup (or set CHROMIUM to its path).',
      };
}

function listen(where: ListenOptions): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ ...where, exclusive: true }, () => resolve(server));
  });
}

function npmVersion(): string | null {
  try {
    return execFileSync('npm', ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 20_000,
    }).trim();
  } catch {
    return null;
  }
}

function freeDisk(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

function major(version: string): number {
  return Number.parseInt(version, 10);
}
