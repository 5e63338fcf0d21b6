import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longest, where no earlier run has told: they start real processes. */
const LONGEST = /lab\/run\/scenarios|browser-tests|lab\/cli|fleet\/contract|shared-backends/;

/** The longest first, since at the end one worker waits for the other; else the largest would be. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => LONGEST.test(moduleId);
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    include: ['{lab,server,scenarios,reports}/**/*.test.ts'],
    // Tests start real fleets: four workers, a primary and a load generator on two cores, which may
    // have other things to do.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    // Modules are loaded once for all files of a worker; no test leaves anything in them.
    isolate: false,
    tags: [
      { name: 'slow', description: 'Takes a fifth of a second or more; not run for every mutant.' },
    ],
  },
});
