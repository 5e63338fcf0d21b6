/**
 * Whether a local-memory cache is right for somebody: four questions, and the advice that follows.
 * Of the advice the first line that fits holds, and every combination of answers has one; `when`
 * says for which answers, as `question=answer` with a space between two, and `whenText` the same in
 * words. `lessons` are scenarios that show the reason.
 */
export const decision = {
  questions: [
    {
      id: 'lasting',
      text: 'May everything in it be gone at any moment?',
      hint: 'A process ends when it is deployed, when it crashes, when a manager recycles it.',
      answers: [
        { id: 'yes', text: 'Yes: it only saves work, and can be made again' },
        { id: 'no', text: 'No: this is the place where it is kept' },
      ],
    },
    {
      id: 'processes',
      text: 'How many processes answer requests?',
      hint: 'Workers of a server count, servers count, and so do the old and the new ones during a deployment.',
      answers: [
        { id: 'one', text: 'One, now and as far as we plan' },
        { id: 'several', text: 'Several, or soon' },
      ],
    },
    {
      id: 'agree',
      text: 'Must everybody see the same value at once?',
      hint: 'Logins, limits, counters, locks and baskets must. A page that is a few minutes old often need not.',
      answers: [
        { id: 'yes', text: 'Yes' },
        { id: 'no', text: 'No: a copy as old as TIMEOUT does no harm' },
      ],
    },
    {
      id: 'load',
      text: 'Can the database bear to be asked by every process itself?',
      hint: 'For each key after each start of a process, and again whenever an entry expires. “predict” computes it.',
      answers: [
        { id: 'yes', text: 'Yes' },
        { id: 'no', text: 'No, or nobody knows' },
      ],
    },
  ],
  advice: [
    {
      when: 'lasting=no',
      whenText: 'What must not be lost',
      what: 'No cache at all: a database, or Redis with persistence switched on.',
      why: 'A cache may forget at any time, and a local one does so at every restart. Memcached forgets too.',
      lessons: ['restart', 'lost-session'],
    },
    {
      when: 'processes=one load=yes',
      whenText: 'One process, and a database that bears a cold start',
      what: 'A local-memory cache is right.',
      why: 'It is the fastest there is, needs no service, and with one process there is nobody to disagree with. Development and tests are of this kind.',
      lessons: ['first-request', 'hit-rate'],
    },
    {
      when: 'processes=one load=no',
      whenText: 'One process, and a database that a cold start would hurt',
      what: 'A local-memory cache is right while it runs, but each restart will be felt.',
      why: 'The cache is empty after every deployment, and the old and the new process overlap. Fill it before it takes traffic, or keep it in Redis or Memcached, which stay warm.',
      lessons: ['restart', 'stampede'],
    },
    {
      when: 'processes=several agree=yes',
      whenText: 'Several processes that must agree',
      what: 'Redis or Memcached; or exactly one process.',
      why: 'Every process would count, limit, lock and remember for itself. No TIMEOUT is short enough for a login or a lock.',
      lessons: ['stale-reads', 'lost-session', 'rate-limit', 'counter'],
    },
    {
      when: 'processes=several load=no',
      whenText: 'Several processes, and a database that cannot bear each of them',
      what: 'Redis or Memcached, with a small local cache in front where a trip is too slow.',
      why: 'Each key is loaded once for all, and a restart of the workers finds it still there. What stands in front in local memory is a copy, and may be old for a moment.',
      lessons: ['shared-cache', 'expiry'],
    },
    {
      when: 'processes=several agree=no load=yes',
      whenText: 'Several processes, old copies do no harm, and the database bears it',
      what: 'A local-memory cache will do, if you choose it knowingly.',
      why: 'You pay in cold misses, refreshes and memory, each times the number of processes, and nobody can clear all copies at once: keep TIMEOUT short. For a few settings that rarely change, that is a fair price.',
      lessons: ['hit-rate', 'memory', 'stale-reads'],
    },
  ],
};
