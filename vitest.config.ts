import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{lab,server,scenarios,reports}/**/*.test.ts'],
    // Tests start real fleets: four workers, a primary and a load generator on two cores.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
    tags: [
      { name: 'slow', description: 'Takes a fifth of a second or more; not run for every mutant.' },
    ],
  },
});
