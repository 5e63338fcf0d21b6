import { spawnSync } from 'node:child_process';

/** The machine's own Python comes first: that is where Debian installs Django. */
const CANDIDATES = ['/usr/bin/python3', 'python3', 'python'];

/** A package that a Python has to have: the module it is imported by, and what Debian and pip call it. */
export interface PythonPackage {
  readonly module: string;
  readonly debian: string;
  readonly pip: string;
}

export const DJANGO: PythonPackage = { module: 'django', debian: 'python3-django', pip: 'django' };
export const GUNICORN: PythonPackage = { module: 'gunicorn', debian: 'gunicorn', pip: 'gunicorn' };

/** A Python with all that was asked for, or the reason why there is none and the command that helps. */
export type PythonSearch =
  | { readonly python: string; readonly versions: Readonly<Record<string, string>> }
  | { readonly missing: string; readonly remedy: string };

const found = new Map<string, PythonSearch>();

/**
 * Looks for a Python that has these packages. What was found once is not looked for again.
 *
 * @param named the one to take, e.g. of a virtual environment; left out: the first that has them all
 */
export function findPython(packages: readonly PythonPackage[], named?: string): PythonSearch {
  const question = JSON.stringify([packages, named]);
  const known = found.get(question) ?? search(packages, named);
  if ('python' in known) found.set(question, known);
  return known;
}

function search(packages: readonly PythonPackage[], named?: string): PythonSearch {
  const tried: string[] = [];
  for (const python of named === undefined ? CANDIDATES : [named]) {
    const probe = spawnSync(python, ['-c', PROBE, ...packages.map(({ module }) => module)], {
      encoding: 'utf8',
      timeout: 20_000,
    });
    if (probe.status === 0) return { python, versions: JSON.parse(probe.stdout) };
    tried.push(`${python}: ${probe.error?.message ?? probe.stderr.trim().split('\n').at(-1)}`);
  }
  const names = packages.map(({ pip }) => pip);
  const venv = `python3 -m venv .venv && .venv/bin/pip install ${names.join(' ')}`;
  return {
    missing: `No Python with ${names.join(' and ')} was found (${tried.join('; ')}).`,
    remedy: `On Debian and Ubuntu: sudo apt install ${packages.map(({ debian }) => debian).join(' ')}. Elsewhere: ${venv}, and --python .venv/bin/python.`,
  };
}

const PROBE = `
import importlib, json, sys
print(json.dumps({name: str(getattr(importlib.import_module(name), "__version__", "")) for name in sys.argv[1:]}))
`;
