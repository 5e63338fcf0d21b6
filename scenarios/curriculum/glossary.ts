/** The words of the course, in alphabetical order, each with what it means here. */
export const glossary = {
  arm: 'One of the configurations that a scenario compares under the same traffic, such as “4 workers”.',
  audit: 'The check that what the clients saw equals what the workers counted themselves.',
  'avoidable miss':
    'A miss at which another worker held the entry. With one shared cache it would have been a hit.',
  backend: 'Where a cache keeps its entries: the memory of the process, Redis, Memcached.',
  'closed loop':
    'Load in which each connection sends its next request when the answer to the last has come. A slow server is then asked less.',
  cold: 'Of a cache: empty, as after a start. Of a miss: the first time that this worker was asked for the key.',
  cull: 'To drop many entries at once. A full LocMemCache drops one in CULL_FREQUENCY, a third unless set otherwise.',
  'duplication factor':
    'In how many caches an entry lies on average: all entries divided by the different ones. It runs from 1 to the number of workers.',
  entry: 'A key with its value and the time at which it expires.',
  eviction: 'Dropping an entry to make room for others.',
  expiry: 'The end of an entry’s life, after TIMEOUT.',
  fleet: 'The workers that serve one arm, and the address at which they are reached.',
  'hit rate':
    'Hits divided by lookups, summed over all workers. Unknown, and not zero, where nothing was looked up.',
  'hit, miss': 'A lookup that finds an entry that has not expired, and one that does not.',
  'keep-alive':
    'Using one connection for many requests. Workers are handed connections and not requests, so such a connection stays with its worker.',
  launcher: 'What starts the workers: node:cluster, pm2.',
  LOCATION:
    'Django’s name for a store within a process. Caches of the same LOCATION in one process are one; in two processes they never are.',
  lookup: 'Asking a cache for a key.',
  LRU: 'Least recently used: the order in which entries have to make room.',
  MAX_ENTRIES: 'How many entries a LocMemCache may hold; 300 unless set otherwise.',
  'near cache':
    'A small cache in local memory in front of a shared one. It saves trips, and its copies may be old.',
  origin: 'What a miss has to ask; here a database.',
  process:
    'A running program with memory of its own. Threads share the memory of their process; processes share nothing.',
  record: 'A saved run: a JSON file with all that was measured. A report is a record rendered.',
  replay:
    'Running what was seen through an exact model of the caches. Every response must come out the same.',
  'round robin': 'Giving connections to the workers in turn.',
  routing: 'How requests find a worker.',
  scenario:
    'One lesson’s experiment: a question, the arms that answer it, what theory expects, the verdict.',
  stale: 'Of a value: older than what the database holds by now.',
  stampede: 'Many requests that all miss the same key at once and all load it.',
  'steady state': 'When caches have been warm for long enough that the hit rate no longer changes.',
  'thread-safe':
    'Correct while several threads of one process use it at once. It says nothing about several processes.',
  TIMEOUT: 'How long an entry lives, in seconds; 300 unless set otherwise.',
  'warm-up': 'The time after a start in which a cache fills, and misses more than later.',
  worker: 'One process that runs the server and has a cache of its own.',
  'Zipf’s law':
    'Popularity as it is found in real traffic: the second most popular key is asked for about half as often as the first, the third about a third as often, and so on.',
};
