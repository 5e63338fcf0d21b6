import type { LauncherName } from '../../reports/record/vocabulary.ts';
import type { Launcher } from './fleet.ts';

/** What starts the workers of an arm: the `launcher` of the file of that name, loaded when asked for. */
export async function loadLauncher(name: LauncherName): Promise<Launcher> {
  const file = (await import(`./launchers/${name}.ts`)) as { launcher: Launcher };
  return file.launcher;
}
