/**
 * What is generally true of the three caches: a question, the answers of local memory, Redis and
 * Memcached, and the lesson that shows it.
 */
export const comparison: readonly (readonly [string, string, string, string, string])[] = [
  ['Needs a service to run?', 'no', 'yes', 'yes', 'first-request'],
  ['Shared by all workers?', 'no, each has its own', 'yes', 'yes', 'user-123'],
  ['Shared by several servers?', 'no', 'yes', 'yes', 'two-servers'],
  ['Survives a restart of the workers?', 'no', 'yes', 'yes', 'restart'],
  [
    'Survives a restart of the service?',
    'there is none',
    'only with RDB or AOF switched on',
    'no',
    'shared-cache',
  ],
  ['What a hit costs', 'a look into own memory', 'a trip', 'a trip', 'shared-cache'],
  ['Memory for the same content', 'once per worker', 'once', 'once', 'memory'],
  ['One value for everybody?', 'no', 'yes', 'yes', 'stale-reads'],
  ['Counts and limits add up?', 'no', 'yes', 'yes', 'rate-limit'],
  ['Fit for production with several workers?', 'no', 'yes', 'yes', 'hit-rate'],
];
