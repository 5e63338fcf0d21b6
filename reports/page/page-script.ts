import { readFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * The browser's side as one script. The modules under `page/` are plain TypeScript; this takes the
 * types out (Node's own stripper), leaves out the imports between them, and puts the modules one
 * after the other, each after those it imports.
 *
 * What that asks of the modules: named imports and exports only, none renamed, and no two
 * top-level names alike. A file that breaks this does not parse, and every browser test fails.
 */
export function pageScript(entry: string): string {
  let script = SCRIPTS.get(entry);
  if (script === undefined) {
    const modules = new Map<string, string>();
    addModule(join(import.meta.dirname, 'browser', entry), modules);
    script = [...modules.values()].join('\n');
    SCRIPTS.set(entry, script);
  }
  return script;
}

/** A library's browser build, from node_modules, without its source map comment. */
export function libraryScript(specifier: string): string {
  let script = SCRIPTS.get(specifier);
  if (script === undefined) {
    script = readFileSync(libraryPath(specifier), 'utf8').replace(
      /^\/\/# sourceMappingURL=.*$/m,
      '',
    );
    SCRIPTS.set(specifier, script);
  }
  return script;
}

const SCRIPTS = new Map<string, string>();
const IMPORT = /^import (?:type )?\{[^}]*\} from '(\.[^']+)';\n/gm;
const TYPE_IMPORT = /^import type /;

function addModule(path: string, modules: Map<string, string>): void {
  if (modules.has(path)) return;
  const source = readFileSync(path, 'utf8');
  for (const [statement, specifier] of source.matchAll(IMPORT)) {
    if (!TYPE_IMPORT.test(statement)) addModule(join(dirname(path), specifier!), modules);
  }
  const code = withoutTypes(source)
    .replace(IMPORT, '')
    .replace(/^export /gm, '')
    // The stripper leaves blanks where types stood.
    .replace(/^[ \t;]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n');
  modules.set(path, code.trim());
}

/**
 * Node announces its stripper as experimental on every first use. Whoever renders a report can do
 * nothing about that, so the announcement is held back for the length of the call.
 */
function withoutTypes(source: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** Packages restrict what may be imported; the file beside their entry is found from there. */
function libraryPath(specifier: string): string {
  const [name, ...rest] = specifier.split('/');
  const entry = createRequire(import.meta.url).resolve(name!);
  const root = entry.slice(0, entry.lastIndexOf(`/node_modules/${name}/`));
  return join(root, 'node_modules', name!, ...rest);
}
