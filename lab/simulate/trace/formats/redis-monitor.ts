import {
  areMostly,
  NOT_A_REQUEST,
  setKey,
  type TracedRequest,
  type TraceFormat,
  textOf,
} from '../traced-request.ts';

/** `1795302992.556372 [0 127.0.0.1:60866] "get" "key"`; a client of telnet has a + before it. */
const LINE = /^\+?(\d+\.\d+) \[(\d+) (.*?)\] "([^"]*)"(.*)$/;

/** What `redis-cli monitor` prints: the commands that a cache in Redis is asked. */
export const redisMonitor: TraceFormat = {
  name: 'redis',
  about: 'the output of Redis MONITOR',
  recognises: (lines) => areMostly(lines, (line) => LINE.test(line) || isGreeting(line)),
  open: () => ({
    hasTimes: true,
    columns: ['client', 'write'],
    // EXISTS, TTL and the like ask for no value; SET is what follows a miss.
    only: 'GET, MGET, GETEX, HGET, HMGET, HGETALL',
    writes: new Set(['DEL', 'UNLINK']),
    read,
  }),
};

const isGreeting = (line: string) => line === 'OK' || line === '+OK';
/** Their arguments are all keys. */
const MANY_KEYS = new Set(['MGET', 'DEL', 'UNLINK']);

function read(request: TracedRequest): string | null {
  const line = textOf(request);
  const match = LINE.exec(line);
  if (match === null) return isGreeting(line) ? NOT_A_REQUEST : 'no command of Redis';
  const [, time, database, client, command, rest] = match;
  const keys = [...rest!.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text]) => unescaped(text!));
  request.seconds = Number(time);
  request.client = client!;
  request.method = command!.toUpperCase();
  const inDatabase = (key: string) => (database === '0' ? key : `${database}:${key}`);
  // What has no key (PING, SELECT) is told by its name.
  setKey(request, keys.length === 0 ? request.method : inDatabase(keys[0]!));
  if (keys.length > 1 && MANY_KEYS.has(request.method)) {
    request.otherKeys = keys.slice(1).map(inDatabase);
  }
  return null;
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  a: '\u0007',
  b: '\b',
};

function unescaped(text: string): string {
  return text.replace(/\\(?:x([\da-f]{2})|(.))/g, (_, code?: string, character?: string) =>
    code ? String.fromCharCode(Number.parseInt(code, 16)) : (ESCAPES[character!] ?? character!),
  );
}
