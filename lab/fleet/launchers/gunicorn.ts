import path from 'node:path';
import { DJANGO, findPython, GUNICORN } from '../../../server/django/python.ts';
import { COMPILE_CACHE } from '../../compile-cache.ts';
import { LabError } from '../../console/errors.ts';
import type { Launcher } from '../fleet.ts';
import { SERVER, startPrimary } from '../primary.ts';

const PROJECT = path.join(SERVER, 'django');
/** What the project has of what the server in TypeScript has. */
const FEATURES: readonly string[] = ['counters', 'documents', 'limited', 'locations', 'sessions'];

/** The real Django under the real Gunicorn: other workers, other caches, the same pages. */
export const launcher: Launcher = {
  summary: 'Gunicorn: a Django project with Django’s own cache; the kernel hands out connections',

  needs(python) {
    const { versions } = pythonWithAll(python);
    return `Django ${versions.django}, Gunicorn ${versions.gunicorn}`;
  },

  refuses({ features, gunicornClass, threads, routing, servers }) {
    const lacking = features.find((name) => !FEATURES.includes(name));
    if (lacking !== undefined) return `the Django project has no ${lacking}`;
    // Tried by key: requests were lost, and none was answered from a cache, between the balancer and the workers.
    if (routing === 'by-key' || servers > 1) {
      return 'the balancer of the lab does not get on with its workers';
    }
    if (gunicornClass === 'gthread') return null;
    if (threads > 1) return 'a sync worker has one thread; --gunicorn-class gthread has --threads';
    if (routing === 'keep-alive') {
      return 'a sync worker closes each connection after one answer; --gunicorn-class gthread keeps it alive';
    }
    return null;
  },

  start: async (plan, signal) =>
    startPrimary(
      {
        program: pythonWithAll(plan.python).python,
        args: ['-m', 'gunicorn', '-c', path.join(PROJECT, 'gunicorn.conf.py'), 'wsgi:application'],
        env: {
          PYTHONPATH: PROJECT,
          PYTHONPYCACHEPREFIX: path.join(COMPILE_CACHE, 'python'),
          PYTHONWARNINGS: 'ignore',
        },
        // Gunicorn forks new workers and ends the old ones at the same time; the port stays open.
        reload: async (master) => master.signal('SIGHUP'),
      },
      plan,
      signal,
    ),
};

/** @throws LabError that says how to install what is missing */
function pythonWithAll(named?: string) {
  const search = findPython([DJANGO, GUNICORN], named);
  if ('python' in search) return search;
  throw new LabError(`--launcher gunicorn: ${search.missing}`, { remedy: search.remedy });
}
