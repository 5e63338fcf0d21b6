import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { sampleRecord } from '../../../reports/fixtures/sample-record.ts';
import { RECORD_FILE, REPORT_FILE } from '../../../reports/record/write.ts';
import { runCommandLine } from '../../command-line.ts';
import { commandContext } from '../../commands/context.ts';
import { Output } from '../../console/output.ts';
import { wrongWords } from './attempt.ts';
import type { Chance } from './chance.ts';

/** One change of a record, and what came of it. */
export interface MutatedRecord {
  readonly name: string;
  make(): Promise<string[]>;
}

const STRANGE: readonly unknown[] = [
  ...[null, true, 0, -1, 1.5, 1e9, 1e15, 1e308, -1e308, Number.MAX_SAFE_INTEGER, 2 ** 53],
  ...['', 'x', '<img src=x onerror=alert(1)>', '\u001b]0;t\u0007\u009b2J', '\u202e', '../../x'],
  ...['a'.repeat(100_000), '\u0000', '__proto__', 'javascript:alert(1)'],
  ...[[], {}, [[]], [null], Array(1_000).fill(0)],
];

/** Records as somebody else may hand them on: refused with exit code 2, or shown. */
export function* records({ upTo, pick }: Chance): Generator<MutatedRecord> {
  for (;;) {
    const record: unknown = structuredClone(sampleRecord({ workers: [1, 3] }));
    const changes = Array.from({ length: 1 + upTo(2) }, () => change(record, { upTo, pick }));
    const command = pick(['report', 'report', 'compare', 'index', 'course']);
    yield {
      name: `${command}: ${changes.join(' and ')}`,
      make: () => shown(command, JSON.stringify(record)),
    };
  }
}

/** Changes one place at random; says which, and what stands there now. */
function change(record: unknown, { upTo, pick }: Chance): string {
  let at = record as Record<string, unknown>;
  let place = '';
  for (;;) {
    const keys = Object.keys(at);
    if (keys.length === 0) return 'nothing';
    const key = pick(keys);
    place += `/${key}`;
    const inside = at[key];
    const goesOn = typeof inside === 'object' && inside !== null && upTo(8) > 0;
    if (goesOn && Object.keys(inside).length > 0) {
      at = inside as Record<string, unknown>;
      continue;
    }
    if (upTo(5) === 0) delete at[key];
    else if (Array.isArray(inside) && upTo(2) === 0) inside.push(inside[0]);
    else at[key] = pick(STRANGE);
    return `${place} = ${(JSON.stringify(at[key]) ?? 'nothing').slice(0, 40)}`;
  }
}

async function shown(command: string, content: string): Promise<string[]> {
  const out = mkdtempSync(path.join(tmpdir(), 'c-'));
  const folder = path.join(out, 'a run');
  mkdirSync(folder);
  writeFileSync(path.join(folder, RECORD_FILE), content);
  const args = {
    report: ['report', folder],
    compare: ['compare', folder, folder, '-o', out],
    index: ['index', '-o', out],
    course: ['course', '--from', out, '-o', out],
  }[command]!;
  try {
    const began = performance.now();
    const { code, ...words } = await inThisProcess(args);
    const millis = performance.now() - began;
    const page = path.join(folder, REPORT_FILE);
    return [
      ...(code === 0 || code === 2 ? [] : [`ended with ${code}: ${words.stderr.slice(0, 300)}`]),
      ...wrongWords(words),
      ...(code === 0 && command === 'report' && !existsSync(page) ? ['made no report'] : []),
      ...(existsSync(page) ? wrongPage(readFileSync(page, 'utf8')) : []),
      ...(millis > 20_000 ? [`took ${Math.round(millis / 1_000)} s`] : []),
    ];
  } finally {
    rmSync(out, { recursive: true });
  }
}

function wrongPage(page: string): string[] {
  const body = page.slice(page.indexOf('<main'), page.indexOf('</main>'));
  return /<img src=x|href="javascript:|\bNaN\b/.test(body)
    ? ['the report shows what it should not']
    : [];
}

async function inThisProcess(args: readonly string[]) {
  const words = { stdout: '', stderr: '' };
  const collected = (name: keyof typeof words) =>
    new PassThrough().on('data', (text) => {
      words[name] += text;
    });
  const output = new Output({ stdout: collected('stdout'), stderr: collected('stderr') });
  const code = await runCommandLine(args, commandContext(output));
  return { code, ...words };
}
