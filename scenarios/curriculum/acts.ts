import { readdirSync } from 'node:fs';
import type { Act } from './acts/act.ts';

/** The acts in the order of their numbers: each file in `acts/` that begins with one. */
export async function loadActs(): Promise<Act[]> {
  const names = readdirSync(new URL('acts', import.meta.url)).flatMap(
    (file) => /^(\d+-.*)\.ts$/.exec(file)?.[1] ?? [],
  );
  names.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  const loaded = names.map((name) => import(`./acts/${name}.ts`) as Promise<{ act: Act }>);
  return (await Promise.all(loaded)).map(({ act }) => act);
}
