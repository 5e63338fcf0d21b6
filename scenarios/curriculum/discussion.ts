/** Questions to put to the room, each with what to listen for and the lesson that shows it. */
export const discussion = [
  {
    question:
      'On your laptop the cache works perfectly. In production people say it does nothing. What differs?',
    listenFor:
      'One worker and one browser connection here, several there. A test over one connection shows nothing.',
    lesson: 'keep-alive',
  },
  {
    question: 'The hit rate fell from 99 % to 98 %. Is that much?',
    listenFor: 'For the users, no. For the database it is twice the load.',
    lesson: 'hit-rate',
  },
  {
    question:
      'The documentation says that the cache is thread-safe. Is it then safe for Gunicorn with four workers?',
    listenFor: 'Workers are processes. Thread safety ends where the memory ends.',
    lesson: 'threads',
  },
  {
    question:
      'Someone proposes sticky sessions instead of a shared store. What does that cure, and what not?',
    listenFor:
      'A login survives as long as its worker does. Deployments, crashes and counters over all users remain.',
    lesson: 'lost-session',
  },
  {
    question:
      'A shop changes a price and clears the cache. Some customers see the old price for five minutes. Why five?',
    listenFor: 'The clear reached one worker; the copies of the others live on until TIMEOUT.',
    lesson: 'stale-reads',
  },
  {
    question: 'Would eight workers with 300 entries each have a worse hit rate than one with 300?',
    listenFor:
      'Not in the long run: under steady traffic each settles at the same rate. Warm-up, refreshes and memory cost more.',
    lesson: 'eviction',
  },
  {
    question: 'When would you choose a local-memory cache for production knowingly?',
    listenFor: 'One process; or few small values that rarely change, with a short TIMEOUT.',
    lesson: 'shared-cache',
  },
];
