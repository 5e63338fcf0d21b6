import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

/**
 * The scripts of the pages, each with its entry, seen from `reports/`. All pages have `early`, which
 * runs before anything is drawn, and one of the others at their end.
 */
const ENTRIES = {
  early: 'page/browser/early.ts',
  plain: 'page/browser/plain.ts',
  charted: 'page/browser/charted.ts',
  report: 'page/browser/report.ts',
  presenter: 'live/browser/presenter.tsx',
  audience: 'live/browser/audience.tsx',
} as const;
/** The name of a script. */
export type PageScript = keyof typeof ENTRIES;

/** A script of the pages, complete and small, to be written into a file. */
export function pageScript(name: PageScript): string {
  scripts ??= bundledScripts();
  return scripts[name];
}

type Scripts = Readonly<Record<PageScript, string>>;

/** What is kept for the next process. */
interface Bundle {
  /** A hash of every file that went into the scripts, by its path from the root. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly scripts: Scripts;
}

let scripts: Scripts | undefined;
const require = createRequire(import.meta.url);
const ROOT = join(import.meta.dirname, '../..');
const KEPT = join(ROOT, 'node_modules/.cache/cache-lab-pages/scripts.json');

/**
 * All scripts, bundled by esbuild. That takes longer than everything else about a report, so the
 * bundle is kept in a file and used until a file that it is made of changes.
 */
export function bundledScripts(keptIn = KEPT): Scripts {
  const kept = readKept(keptIn);
  if (kept) return kept.scripts;
  const bundle = build();
  keep(bundle, keptIn);
  return bundle.scripts;
}

function readKept(file: string): Bundle | null {
  try {
    const bundle = JSON.parse(readFileSync(file, 'utf8')) as Bundle;
    const inputs = Object.entries(bundle.inputs);
    return inputs.every(([input, hash]) => hashOf(input) === hash) ? bundle : null;
  } catch {
    return null;
  }
}

function build(): Bundle {
  // Loaded only here: most processes find the scripts kept.
  const esbuild: typeof import('esbuild') = require('esbuild');
  const { outputFiles, metafile } = esbuild.buildSync({
    absWorkingDir: ROOT,
    entryPoints: Object.values(ENTRIES).map((entry) => join(ROOT, 'reports', entry)),
    outdir: 'scripts',
    write: false,
    metafile: true,
    bundle: true,
    minify: true,
    format: 'iife',
    charset: 'utf8',
    legalComments: 'eof',
    target: 'es2023',
    jsx: 'automatic',
    jsxImportSource: 'preact',
  });
  const files = [require.resolve('esbuild/package.json'), ...Object.keys(metafile.inputs)];
  return {
    inputs: Object.fromEntries(files.map((file) => [file, hashOf(file)])),
    scripts: Object.fromEntries(
      Object.keys(ENTRIES).map((name, index) => [name, outputFiles[index]!.text]),
    ) as unknown as Scripts,
  };
}

/** Written under another name and renamed, so that nobody reads half of it. */
function keep(bundle: Bundle, file: string): void {
  const draft = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(draft, JSON.stringify(bundle));
    renameSync(draft, file);
  } catch {
    // Where packages may only be read, each process bundles for itself.
  }
}

function hashOf(file: string): string {
  return createHash('sha256')
    .update(readFileSync(resolve(ROOT, file)))
    .digest('base64');
}
