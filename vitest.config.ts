import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{lab,server,scenarios,reports}/**/*.test.ts'],
    // Tests start real fleets: four workers, a primary and a load generator on two cores, which may
    // have other things to do.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // Modules are loaded once for all files of a worker; no test leaves anything in them.
    isolate: false,
    tags: [
      { name: 'slow', description: 'Takes a fifth of a second or more; not run for every mutant.' },
    ],
  },
});
