import pc from 'picocolors';
import type { Output } from '../console/output.ts';
import { createRunFolder } from '../run/run-folder.ts';
import { Commands, sentenceOf } from './commands.ts';
import { Live, type LiveContext } from './live.ts';
import { openLiveServer } from './server.ts';
import { choicesHere, settingOf } from './setting.ts';

/** What `lab live` was asked for. */
export interface LivePlan extends Omit<LiveContext, 'folder' | 'choices'> {
  readonly output: Output;
  readonly outFolder: string;
  readonly pagePort: number;
  readonly audience: boolean;
  readonly open: boolean;
}

/** Starts a fleet and the page that shows it, and ends both when `signal` aborts. */
export async function runLive(plan: LivePlan): Promise<void> {
  const { output, signal, pagePort } = plan;
  const run = createRunFolder();
  const choices = choicesHere(plan.services);
  const live = new Live({ ...plan, folder: run.path, choices }, settingOf(plan.options));
  const commands = new Commands(live, async () => {});
  live.onFailure = (error) => {
    live.stage.say(`${sentenceOf(error)} The fleet is started again.`);
    void commands.queue(() => live.start());
  };
  try {
    await live.start();
    const server = await openLiveServer({
      ...{ live, commands, host: '127.0.0.1', port: pagePort },
      presenterPage: STAND_IN,
    });
    const address = `http://127.0.0.1:${server.port}/presenter?secret=${server.secret}`;
    output.say(`Live     ${pc.bold(address)}\n         Ctrl-C ends it.\n`);
    try {
      if (plan.open) await (await import('open')).default(address);
      await aborted(signal);
    } finally {
      await server.stop();
    }
  } finally {
    await live.close();
    run.remove();
  }
}

const STAND_IN = '<!doctype html><title>Live</title><p>The page is being made.</p>';

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}
