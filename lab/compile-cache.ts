import path from 'node:path';

/** Where Node keeps what it has compiled, so that lab and workers do not at each start. */
export const COMPILE_CACHE = path.join(import.meta.dirname, '../node_modules/.cache/cache-lab');
