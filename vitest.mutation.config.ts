import { defineConfig } from 'vitest/config';
import whole from './vitest.config.ts';

/** Known as an option of the command line; a configuration may hold it too. */
const quickOnly = { tagsFilter: ['!slow'] };

/** For `npm run test:mutation`, which names the tests of the room that it mutates. */
export default defineConfig({
  test: {
    ...whole.test,
    ...quickOnly,
    include: process.env.MUTATION_TESTS?.split(',') ?? [],
  },
});
