import { execFileSync } from 'node:child_process';
import { existsSync, statfsSync } from 'node:fs';
import { createServer, type ListenOptions, type Server } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { chromiumCandidates } from '../../reports/page/chromium-path.ts';
import type { ServiceName } from '../../reports/record/vocabulary.ts';
import { DJANGO, findPython, GUNICORN, type PythonSearch } from '../../server/django/python.ts';
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
  /** Looks for a Python with Django and Gunicorn. */
  findPython(): PythonSearch;
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
    checkDjango(machine),
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
    findPython: () => findPython([DJANGO, GUNICORN]),
  };
}

/** What is good needs no remedy. */
function check(
  name: string,
  state: MachineCheck['state'],
  said: string,
  remedy: string,
): MachineCheck {
  return { name, state, said, ...(state !== 'good' && { remedy }) };
}

function checkNode({ nodeVersion }: Machine): MachineCheck {
  return check(
    'Node',
    major(nodeVersion) >= 24 ? 'good' : 'bad',
    `The lab runs on Node ${nodeVersion}.`,
    'Start it with "npm run lab", which uses the Node that "npm ci" installed.',
  );
}

function checkNpm({ npmVersion }: Machine): MachineCheck {
  if (npmVersion === null) {
    const remedy = 'Install Node 20.19 or newer from https://nodejs.org; npm comes with it.';
    return check('npm', 'bad', 'npm cannot be started.', remedy);
  }
  const said = `npm is version ${npmVersion}`;
  return major(npmVersion) >= 10
    ? check('npm', 'good', `${said}.`, '')
    : check(
        'npm',
        'bad',
        `${said}, and 10 or newer is needed.`,
        'Run: npm install --global npm@10',
      );
}

async function checkPorts(): Promise<MachineCheck> {
  const servers: Server[] = [];
  const remedy = 'Check for a firewall or a sandbox that forbids it.';
  try {
    for (let index = 0; index < PORTS_WANTED; index++) {
      servers.push(await listen({ host: '127.0.0.1', port: 0 }));
    }
    return check('Ports', 'good', 'There are free ports on 127.0.0.1.', remedy);
  } catch (error) {
    const said = `No port on 127.0.0.1 could be opened: ${(error as Error).message}.`;
    return check('Ports', 'bad', said, remedy);
  } finally {
    for (const server of servers) server.close();
  }
}

/** Makes a socket just where and how a run would. */
async function checkSockets({ temporaryFolder }: Machine): Promise<MachineCheck> {
  const remedy = 'On Windows use WSL; elsewhere set TMPDIR to a local folder, e.g. TMPDIR=/tmp.';
  try {
    const folder = createRunFolder(temporaryFolder);
    try {
      const server = await listen({ path: path.join(folder.path, LONGEST_SOCKET) });
      server.close();
    } finally {
      folder.remove();
    }
    return check('Sockets', 'good', `Unix sockets work in ${temporaryFolder}.`, remedy);
  } catch (error) {
    if (error instanceof LabError) return check('Sockets', 'bad', error.message, error.remedy);
    const said = `No Unix socket could be made in ${temporaryFolder}: ${(error as Error).message}.`;
    return check('Sockets', 'bad', said, remedy);
  }
}

const LONGEST_SOCKET = 'control-64-4194304.sock';

function checkCores({ cores }: Machine): MachineCheck {
  const remedy = 'Lessons work but take longer; hit rates stay right, latencies say little.';
  return cores > 1
    ? check('Cores', 'good', `There are ${cores} cores.`, remedy)
    : check('Cores', 'doubt', 'There is one core.', remedy);
}

function checkMemory({ freeMemoryBytes }: Machine): MachineCheck {
  const barely = freeMemoryBytes >= MEMORY_NEEDED ? 'doubt' : 'bad';
  return check(
    'Memory',
    freeMemoryBytes >= MEMORY_WANTED ? 'good' : barely,
    `${Math.floor(freeMemoryBytes / MIB)} MiB of memory are free; four workers take about 700.`,
    'Close other programs, or use fewer workers: --workers 2.',
  );
}

function checkDisk({ freeDiskBytes, temporaryFolder }: Machine): MachineCheck {
  return check(
    'Disk',
    freeDiskBytes >= DISK_NEEDED ? 'good' : 'bad',
    `${Math.floor(freeDiskBytes / MIB)} MiB are free in ${temporaryFolder}.`,
    `Make room: a run needs about ${DISK_NEEDED / MIB} MiB.`,
  );
}

const SERVICES: Record<ServiceName, string> = { redis: 'Redis', memcached: 'Memcached' };

function checkService(kind: ServiceName, { searchPath }: Machine): MachineCheck {
  try {
    const said = `${path.basename(findProgram(kind, searchPath))} is there.`;
    return check(SERVICES[kind], 'good', said, '');
  } catch (error) {
    const { message, remedy } = error as LabError;
    const said = `${message} Only comparisons with a shared cache need it.`;
    return check(SERVICES[kind], 'missing', said, remedy);
  }
}

function checkDjango({ findPython }: Machine): MachineCheck {
  const search = findPython();
  if ('python' in search) {
    const { django, gunicorn } = search.versions;
    return check('Django', 'good', `Django ${django} and Gunicorn ${gunicorn} are there.`, '');
  }
  const said = `${search.missing} Only --launcher gunicorn needs it.`;
  return check('Django', 'missing', said, search.remedy);
}

function checkChromium({ chromiumPlaces }: Machine): MachineCheck {
  const found = chromiumPlaces.find((file) => existsSync(file));
  return check(
    'Chromium',
    found ? 'good' : 'missing',
    found
      ? `${path.basename(found)} is there.`
      : 'No Chromium was found. Only the project’s own tests need it; any browser shows reports.',
    'Run: npm run test:setup (or set CHROMIUM to its path).',
  );
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
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    // What is wrong with it the sockets tell.
    return 0;
  }
}

function major(version: string): number {
  return Number.parseInt(version, 10);
}
