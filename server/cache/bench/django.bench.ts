import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { DJANGO, findPython } from '../../django/python.ts';
import { beside, locmem, MAX_ENTRIES, millions, perSecond, zipfStream } from './contenders.ts';

export const title = 'The cache against the real Django, on the same stream of strings';

interface Served {
  /** Of processor time. */
  readonly seconds: number;
  readonly misses: number;
}

/** Django's `cache`, as applications use it, and the bare backend, which they seldom hold. */
export async function run(print: (line: string) => void): Promise<void> {
  const search = findPython([DJANGO]);
  if ('missing' in search) return print(`Not measured. ${search.missing} ${search.remedy}`);
  const stream = zipfStream(200_000);
  const value = 'x'.repeat(100);
  const script = fileURLToPath(new URL('serve_stream.py', import.meta.url));
  const { stdout, stderr, status, error } = spawnSync(search.python, [script], {
    input: JSON.stringify({
      ...stream,
      requests: [...stream.requests],
      maxEntries: MAX_ENTRIES,
      value,
    }),
    encoding: 'utf8',
    timeout: 120_000,
  });
  if (status !== 0) return print(`Not measured. ${stderr.trim() || String(error)}`);
  const { application, bare } = JSON.parse(stdout) as { application: Served; bare: Served };
  const ours = locmem(() => value);
  const misses = ours.serve(stream);
  if (misses !== application.misses) {
    throw new Error(`Django missed ${application.misses}, ours ${misses}.`);
  }
  const [our] = (await perSecond([ours], stream)) as [number];
  const [theirs, theirBare] = [application, bare].map(
    ({ seconds }) => stream.requests.length / seconds,
  ) as [number, number];
  print(
    `as applications call it: ${beside(our, theirs, 50)}: ${millions(our)}, ${millions(theirs)}`,
  );
  print(`its bare backend: ${(our / theirBare).toFixed(0)}×, ${millions(theirBare)}`);
}
