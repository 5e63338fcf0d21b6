import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { LAUNCH_VARIABLE, type Launch, type WorkerSettings } from './protocol.ts';

/**
 * What the launcher handed over, or, for a server started by hand, Django's defaults on port 3000.
 *
 * @throws Error in words for a person, when the folder of a server started by hand is not safe
 */
export function readLaunch(env: NodeJS.ProcessEnv = process.env): Launch {
  const handed = env[LAUNCH_VARIABLE];
  if (handed !== undefined) return JSON.parse(handed) as Launch;
  return { workers: Number(env.CACHE_LAB_WORKERS ?? 4), settings: settingsByHand(env) };
}

/** The environment for a process or thread of a fleet. */
export function launchEnvironment(launch: Launch, env = process.env): NodeJS.ProcessEnv {
  return { ...env, [LAUNCH_VARIABLE]: JSON.stringify(launch) };
}

function settingsByHand(env: NodeJS.ProcessEnv): WorkerSettings {
  const runFolder = folderByHand(tmpdir());
  const database = path.join(runFolder, 'origin.sqlite');
  if (lstatSync(database, { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new Error(`${database} is a link, and is not followed. Remove it.`);
  }
  return {
    runFolder,
    port: Number(env.PORT ?? 3000),
    backend: 'locmem',
    cache: { maxEntries: 300, timeout: 300, cullFrequency: 3 },
    database,
    users: 1000,
    originDelayMillis: 0,
    features: [],
    labPid: null,
  };
}

/**
 * The folder of all servers that this user starts by hand, in the machine's temporary folder. There
 * anybody may have made one of that name first, so it is only taken if it is this user's alone.
 *
 * @throws Error if it is not
 */
export function folderByHand(parent: string, uid = userInfo().uid): string {
  const folder = path.join(parent, `cache-lab-by-hand-${uid}`);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== uid || (found.mode & 0o077) !== 0) {
    throw new Error(
      `${folder} is not a folder that belongs to you alone. Remove it, or set TMPDIR to another folder.`,
    );
  }
  return folder;
}
