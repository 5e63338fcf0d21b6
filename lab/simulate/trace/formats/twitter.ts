import { areMostly, setKey, type TraceFormat, textOf } from '../traced-request.ts';

/** time, key, size of the key, size of the value, client, operation, TTL: Twitter's published cache traces. */
const LINE =
  /^(\d+),(.+),\d+,(\d+),(\d+),(gets?|set|add|replace|cas|append|prepend|delete|incr|decr),\d+$/;

export const twitter: TraceFormat = {
  name: 'twitter',
  about: "a trace of Twitter's caches",
  recognises: (lines) => areMostly(lines, (line) => LINE.test(line)),
  open: () => ({
    hasTimes: true,
    columns: ['client', 'write', 'size'],
    // What is set or added fills the cache after a miss.
    only: 'GET, GETS',
    writes: new Set(['REPLACE', 'CAS', 'APPEND', 'PREPEND', 'DELETE', 'INCR', 'DECR']),
    read(request) {
      const match = LINE.exec(textOf(request));
      if (match === null) return "no request of Twitter's traces";
      const [, time, key, size, client, operation] = match;
      request.seconds = Number(time);
      request.client = client!;
      request.method = operation!.toUpperCase();
      request.size = Number(size);
      setKey(request, key!);
      return null;
    },
  }),
};
