import type { Attempt } from './attempt.ts';

const RUN = ['-w', '2', '-r', '100', '-k', '10', '-o', 'OUT'];
const COMMANDS: readonly (readonly string[])[] = [RUN, ['predict', '-o', 'OUT'], ['list']];

type Odd = Omit<Attempt, 'args'> & { readonly args?: readonly string[] };

/** Places and machines as they should not be, each once. */
const ODD: readonly Odd[] = [
  { name: 'without HOME', env: { HOME: undefined }, codes: [0] },
  { name: 'LANG=C', env: { LANG: 'C', LC_ALL: 'C' }, codes: [0] },
  { name: 'CI', env: { CI: '1' }, codes: [0] },
  { name: 'TERM=dumb', env: { TERM: 'dumb' }, codes: [0] },
  { name: '40 columns', env: { COLUMNS: '40' }, codes: [0] },
  { name: 'no standard input', after: '<&-', codes: [0] },
  { name: 'standard output closed', after: '>&-', codes: [0, 1] },
  { name: 'standard error closed', after: '2>&-', codes: [0] },
  { name: 'all three closed', after: '<&- >&- 2>&-', codes: [0, 1] },
  { name: 'a full standard error', after: '2>/dev/full', codes: [0] },
  {
    name: 'a full standard output',
    after: '>/dev/full',
    codes: [1],
    says: /output cannot be written/,
  },
  { name: 'a reader that has seen enough', after: '| head -1', codes: [0] },
  {
    name: 'a reader of errors that has seen enough',
    after: '2>&1 >/dev/null | head -1',
    codes: [0],
  },
  {
    name: 'a working folder that is gone',
    before: 'cd "$(mktemp -d)" && rmdir "$PWD" &&',
    codes: [0],
  },
  {
    name: 'TMPDIR that is missing',
    env: { TMPDIR: '/nonexistent' },
    args: RUN,
    codes: [2],
    says: /TMPDIR/,
  },
  {
    name: 'TMPDIR that is a file',
    env: { TMPDIR: '/dev/null' },
    args: RUN,
    codes: [2],
    says: /TMPDIR/,
  },
  {
    name: 'TMPDIR where nothing can be made',
    env: { TMPDIR: '/proc' },
    args: RUN,
    codes: [2],
    says: /TMPDIR/,
  },
  {
    name: 'TMPDIR that is too long',
    before: 'export TMPDIR="$TMPDIR/$(printf %090d 0)"; mkdir "$TMPDIR";',
    args: RUN,
    codes: [2],
    says: /too long/,
    isKilled: true,
  },
  {
    name: 'TMPDIR with a space, quotes and umlauts',
    before: 'export TMPDIR="$TMPDIR/a \'\\"ü"; mkdir "$TMPDIR";',
    args: RUN,
    codes: [0],
    isKilled: true,
  },
  {
    name: 'few open files',
    before: 'ulimit -n 256;',
    args: [...RUN.slice(0, 2), '-r', '500', '-c', '300', '-o', 'OUT'],
    codes: [2],
    says: /ulimit -n/,
  },
  {
    name: 'hardly any open files',
    before: 'ulimit -n 100;',
    args: RUN,
    codes: [2],
    says: /ulimit -n/,
  },
  {
    name: '--out that cannot be made',
    args: [...RUN.slice(0, -1), '/proc/none'],
    codes: [2],
    says: /--out/,
  },
  {
    name: '--out that is a file',
    args: [...RUN.slice(0, -1), '/dev/null'],
    codes: [2],
    says: /--out/,
  },
  {
    name: '--out with a space, quotes, a newline and umlauts',
    args: [...RUN.slice(0, -1), '/dev/shm/campaign \'"\nü'],
    after: '&& rm -r "/dev/shm/campaign"*',
    codes: [0],
  },
  { name: 'a disk that fills up at --out', before: 'ulimit -f 8;', args: RUN, codes: [1] },
  {
    name: 'no Redis on this machine',
    env: { PATH: '/nonexistent' },
    args: [...RUN, '-b', 'redis'],
    codes: [2],
    says: /not in the PATH/,
  },
  {
    name: 'a Redis that is not there',
    args: [...RUN, '-b', 'redis', '--redis', 'redis://127.0.0.1:1'],
    codes: [2],
  },
  { name: 'a port of others', args: [...RUN, '-p', '0'], codes: [2] },
  {
    name: 'its own old settings in the environment',
    env: { CACHE_LAB: '{', NODE_APP_INSTANCE: 'x', PM2_HOME: '/nonexistent' },
    codes: [0],
  },
  { name: 'NODE_OPTIONS of a debugger', env: { NODE_OPTIONS: '--trace-warnings' }, codes: [0] },
  {
    name: 'a proxy in the environment',
    env: { HTTP_PROXY: 'http://127.0.0.1:1', http_proxy: 'http://127.0.0.1:1' },
    codes: [0],
  },
];

/** A run, and commands that start nothing, in each of them. */
export function* environments(): Generator<Attempt> {
  for (const { args, ...odd } of ODD) {
    for (const each of args ? [args] : COMMANDS) yield { ...odd, args: each };
  }
}
