import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readRecord, UnreadableRecordError } from '../../../reports/record/file.ts';
import { RECORD_FILE } from '../../../reports/record/write.ts';
import { renderReport } from '../../../reports/report/render.ts';

/** How a command that was attacked ended, and what it left. */
export interface Ended {
  /** `null`: by a signal, or not at all. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A lab that runs, as an attack sees it. */
export interface Attacked {
  readonly child: ChildProcess;
  /** Private: all that is left in it the lab has left. */
  readonly temporary: string;
  /** What it has written to standard error so far. */
  written(): string;
  /** The processes of this run: they all have its temporary folder in their environment. */
  processes(): RunningProcess[];
  /** Waits until `look` finds something, at most half a minute; `undefined`: it ended first. */
  until<T>(look: () => T | undefined | false): Promise<T | undefined>;
}

/** One process of a run. */
export interface RunningProcess {
  readonly pid: number;
  readonly command: string;
}

/** One thing that is tried. */
export interface Attempt {
  /** What is done to it, in words. */
  readonly name: string;
  /** As for `npm run lab --`; `OUT` in it is a folder of its own, `FILE` a file. */
  readonly args: readonly string[];
  /** What is in `FILE`, another word of the arguments. */
  readonly file?: Buffer;
  /** Shell text before the command, e.g. `ulimit -n 256;`, and after it, e.g. `>/dev/full`. */
  readonly before?: string;
  readonly after?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What happens while it runs. */
  during?(attacked: Attacked): Promise<void>;
  /** What is right: exit codes; a signal that may end it before it can heed it. */
  readonly codes: readonly number[];
  readonly bySignal?: NodeJS.Signals;
  /** What it must say. */
  readonly says?: RegExp | undefined;
  /** It was killed outright: nobody is left to remove its folder. */
  readonly isKilled?: boolean;
}

const LAB = path.join(import.meta.dirname, '../../cli.ts');
const ROOT = path.join(import.meta.dirname, '../../..');
const LIMIT_MILLIS = 90_000;
const GONE_MILLIS = 10_000;
/** A folder of a terminal's width of nonsense would be no help. */
const LONGEST_WORDS = 6_000;

/** The attempt as a person would repeat it. */
export function commandOf({ before = '', after = '', args, env = {}, file }: Attempt): string {
  const made = file && `echo ${file.subarray(0, 3_000).toString('base64')} | base64 -d > FILE;`;
  const set = Object.entries(env).map(([name, value]) => `${name}=${quoted(value ?? '')}`);
  return [made, before, ...set, 'npm run lab --', ...args.map(quoted), after].join(' ').trim();
}

/** Makes the attempt, and gives back what was not as it should be. */
export async function make(attempt: Attempt): Promise<string[]> {
  // Short, because Unix sockets are made in it.
  const scratch = mkdtempSync(path.join(tmpdir(), 'c-'));
  const temporary = path.join(scratch, 't');
  const out = path.join(scratch, 'out');
  for (const folder of [temporary, out]) mkdirSync(folder);
  try {
    const ended = await run(attempt, { temporary, out });
    const left = await leftOver(temporary);
    return [
      ...wrongEnd(attempt, ended),
      ...wrongWords(ended),
      ...left.map(({ pid, command }) => `left a process: ${pid} ${command.slice(0, 120)}`),
      ...(attempt.isKilled ? [] : readdirSync(temporary).map((name) => `left in TMPDIR: ${name}`)),
      ...wrongFiles(out),
    ];
  } finally {
    for (const { pid } of processesWith(temporary)) end(pid);
    rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function run(
  attempt: Attempt,
  { temporary, out }: { temporary: string; out: string },
): Promise<Ended> {
  const file = path.join(out, '..', 'file');
  if (attempt.file) writeFileSync(file, attempt.file);
  const words: Record<string, string> = { OUT: out, FILE: file };
  const args = attempt.args.map((one) => (Object.hasOwn(words, one) ? words[one]! : one));
  const { before = '', after = '' } = attempt;
  // `exec`, so that signals reach the lab and no shell.
  const line = `${before} ${after.startsWith('|') ? '' : 'exec '}"$0" "$@" ${after}`;
  const child = spawn('/bin/bash', ['-c', line, process.execPath, LAB, ...args], {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: temporary, ...attempt.env, CAMPAIGN: temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  }
  let isOver = false;
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => {
      isOver = true;
      resolve({ code, signal, ...said });
    });
  });
  const limit = setTimeout(() => end(-child.pid!), LIMIT_MILLIS);
  await attempt.during?.({
    child,
    temporary,
    written: () => said.stderr,
    processes: () => processesWith(temporary).filter(({ pid }) => pid !== child.pid),
    async until(look) {
      const last = performance.now() + 30_000;
      while (!isOver && performance.now() < last) {
        const found = look();
        if (found) return found;
        await delay(5);
      }
      return undefined;
    },
  });
  const result = await ended;
  clearTimeout(limit);
  return result;
}

function wrongEnd({ codes, bySignal, says }: Attempt, ended: Ended): string[] {
  const { code, signal, stdout, stderr } = ended;
  const isRight = code === null ? signal === bySignal : codes.includes(code);
  const wrong = isRight ? [] : [`ended with ${code ?? signal}, not ${codes.join(' or ')}`];
  if (code === 2 && stdout !== '') wrong.push(`exit 2, and wrote to standard output: ${stdout}`);
  if (code === 2 && !/^error: /m.test(stderr)) wrong.push('exit 2 without an error');
  if (code === 1 && `${stdout}${stderr}`.trim() === '') wrong.push('exit 1 without a word');
  if (says && isRight && code !== 0 && code !== null && !says.test(stdout + stderr)) {
    wrong.push(`does not say ${says}: ${stderr.slice(-300)}`);
  }
  return wrong;
}

/** What no person should ever read. */
const NEVER: readonly RegExp[] = [
  /^ {4}at .*/m,
  /please report this/,
  /\bNaN\b/,
  /\[object \w+\]/,
  /\bundefined\b/,
  /Unhandled|DeprecationWarning|MaxListeners/,
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f]/,
];

/** What is wrong with what was said. */
export function wrongWords(said: Pick<Ended, 'stdout' | 'stderr'>): string[] {
  // Colours are the lab's own, where there are any.
  const plain = (text: string) => text.replaceAll(/\p{Cc}\[\d{1,2}m/gu, '');
  const [stdout, stderr] = [plain(said.stdout), plain(said.stderr)];
  const wrong = NEVER.flatMap((pattern) => {
    const found = pattern.exec(stderr) ?? pattern.exec(stdout);
    return found ? [`says ${JSON.stringify(found[0])}: ${stderr.slice(0, 300)}`] : [];
  });
  if (stderr.length > LONGEST_WORDS) wrong.push(`writes ${stderr.length} characters of errors`);
  const unmarked = /✔/.test(stdout) && /Audit failed/.test(stdout);
  return unmarked ? [...wrong, 'shows ✔ beside a failed audit'] : wrong;
}

/** Records are whole and can be shown; nothing is half written. */
function wrongFiles(out: string): string[] {
  const files = readdirSync(out, { recursive: true, encoding: 'utf8' });
  const drafts = files.filter((name) => name.endsWith('.tmp')).map((name) => `left ${name}`);
  const broken = files
    .filter((name) => path.basename(name) === RECORD_FILE)
    .flatMap((name) => {
      try {
        renderReport(readRecord(path.join(out, name)));
        return [];
      } catch (error) {
        const kind = error instanceof UnreadableRecordError ? 'cannot be read' : 'cannot be shown';
        return [`its record ${kind}: ${(error as Error).message}`];
      }
    });
  return [...drafts, ...broken];
}

/** Processes that are still there when they have had time to go. */
async function leftOver(temporary: string): Promise<RunningProcess[]> {
  const last = performance.now() + GONE_MILLIS;
  for (;;) {
    const left = processesWith(temporary);
    if (left.length === 0 || performance.now() > last) return left;
    await delay(50);
  }
}

function processesWith(temporary: string): RunningProcess[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const environment = readFileSync(`/proc/${name}/environ`, 'utf8');
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      // Redis writes its title over its environment.
      const isOurs = environment.includes(`CAMPAIGN=${temporary}\0`) || command.includes(temporary);
      return isOurs && command !== '' ? [{ pid: Number(name), command }] : [];
    } catch {
      // It ended meanwhile, or is somebody else's.
      return [];
    }
  });
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone.
  }
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
