/** What the course says about a cache in the memory of a process, and holds against measurements. */
export interface Claim {
  /** `C1` … `C20`; scenarios and findings name it. */
  readonly id: string;
  readonly text: string;
  /** What the sentence leaves out, or where it is not the whole truth. */
  readonly remark?: string;
  /** Where it is answered, for what no scenario can measure. */
  readonly elsewhere?: string;
}

/**
 * The claims of the articles on Django's LocMemCache that this lab grew from, in our words. Each
 * scenario names those it shows in `claims`, each finding the one it is about.
 */
export const claims: readonly Claim[] = [
  {
    id: 'C1',
    text: 'A cache keeps what is expensive to get: the first request reads the database and fills the cache, later ones are answered at once.',
  },
  {
    id: 'C2',
    text: 'A local-memory cache is a dictionary in the memory of the running process. It needs no Redis, no Memcached and no file.',
  },
  {
    id: 'C3',
    text: 'It is what one gets without configuring any. With several caches in a process, LOCATION tells them apart.',
  },
  {
    id: 'C4',
    text: 'It belongs to one process, and that matters most of all: four workers are four caches.',
  },
  { id: 'C5', text: 'With two servers, each has caches of its own.' },
  {
    id: 'C6',
    text: 'Worker 1 has cached user_123; worker 2 is asked for it and has nothing.',
  },
  {
    id: 'C7',
    text: 'It is thread-safe: many threads of one process may use it at once and it stays correct.',
    remark:
      'True of threads that share memory, as Python’s do. The threads of Node each have a heap of their own, so each has a cache of its own too.',
  },
  { id: 'C8', text: 'Being thread-safe does nothing for several processes.' },
  { id: 'C9', text: 'When the process is restarted, its whole cache is gone.' },
  {
    id: 'C10',
    text: 'When MAX_ENTRIES is reached (300 unless set), the least recently used entries make room.',
    remark: 'In Django they do so in batches: a full cache drops a third of its entries at once.',
  },
  {
    id: 'C11',
    text: 'Entries expire after TIMEOUT (300 seconds unless set), and every worker has to refresh its own copy.',
  },
  {
    id: 'C12',
    text: 'It is very fast, for it is memory of the same process; Redis and Memcached are fast too, but each question to them is a trip.',
  },
  {
    id: 'C13',
    text: 'It is simple to set up, and good for development and tests, where it helps that processes are isolated.',
    elsewhere: 'the closing page',
  },
  {
    id: 'C14',
    text: 'With several processes the cache is split up, and it can look as if it did not work at all.',
  },
  {
    id: 'C15',
    text: 'In production it is hard to predict: spread the traffic over more workers and the hit rate falls.',
    remark:
      'Not always. A bounded cache under steady traffic without expiry settles at the same hit rate in each of N workers. What splitting always costs: cold misses, refreshes and memory times N, and agreement between the copies.',
  },
  {
    id: 'C16',
    text: 'It is no place for sessions: they do not last, and with several processes they come and go.',
  },
  { id: 'C17', text: 'Nothing keeps the caches of several processes consistent.' },
  {
    id: 'C18',
    text: 'Against Redis and Memcached: it needs no service and is fastest, but is not shared, does not survive a restart of its process, and does not suit production with several workers.',
    remark:
      'Of the two shared caches, only Redis survives a restart of its own, and only with persistence (RDB or AOF) switched on. Memcached never does.',
  },
  {
    id: 'C19',
    text: 'It suits local development, tests, and a single process that may lose it all; not several workers, nor a busy site.',
    elsewhere: 'the closing page',
  },
  {
    id: 'C20',
    text: 'With several processes or servers, share the cache by Redis or Memcached. If a local-memory cache must be used in production, use exactly one worker.',
    elsewhere: 'the closing page, and a warning of the lab',
  },
];
