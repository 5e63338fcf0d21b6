import pc from 'picocolors';
import { audiencePage, presenterPage } from '../../reports/live/page.ts';
import { loadActs } from '../../scenarios/curriculum/acts.ts';
import type { Output } from '../console/output.ts';
import { createRunFolder } from '../run/run-folder.ts';
import { ActPlay } from './act-play.ts';
import { addressHere, audienceRoutes, audienceState } from './audience.ts';
import { Commands, sentenceOf } from './commands.ts';
import { Live, type LiveContext } from './live.ts';
import { Participants } from './participants.ts';
import { Saver } from './save.ts';
import { type LiveServer, openLiveServer } from './server.ts';
import { choicesHere, settingOf } from './setting.ts';

/** What `lab live` was asked for. */
export interface LivePlan extends Omit<LiveContext, 'folder' | 'choices'> {
  readonly output: Output;
  readonly outFolder: string;
  /** The command that shows the same again. */
  readonly command: string;
  readonly pagePort: number;
  readonly audience: boolean;
  readonly open: boolean;
}

const LOOK_MILLIS = 500;

/** Starts a fleet and the page that shows it, and ends both when `signal` aborts. */
export async function runLive(plan: LivePlan): Promise<void> {
  const { services, options, signal } = plan;
  const run = createRunFolder();
  const choices = choicesHere(services);
  const live = new Live({ ...plan, folder: run.path, choices }, settingOf(options));
  const saver = new Saver(live, { ...plan, startedAt: new Date() });
  try {
    const { commands, acts } = await direct(live, saver);
    await live.start();
    const server = await open({ ...plan, live, commands, acts });
    try {
      await aborted(signal);
    } finally {
      await server.stop();
    }
  } catch (error) {
    // Whatever a Ctrl-C made fail was not at fault.
    if (!signal.aborted) throw error;
  } finally {
    await live.close();
    await saver.finished();
    run.remove();
  }
}

/** Who does what: the presenter's commands, the acts, and what the view does by itself. */
async function direct(live: Live, saver: Saver) {
  const commands = new Commands(live, async (command) => {
    if (command.do === 'save') await saver.begin();
    // An act waits for responses; whatever the presenter does meanwhile is done.
    else if (command.do === 'act') void acts.go(command.number);
    else if (command.do === 'show') void acts.show();
  });
  const acts = new ActPlay(live, commands, await loadActs());
  live.onFull = () => void commands.queue(() => live.checkpoint());
  live.onFailure = (error) => {
    live.stage.say(`${sentenceOf(error)} The fleet is started again.`);
    void commands.queue(() => live.start());
  };
  return { commands, acts };
}

/** Serves the pages, and says where. */
async function open(
  plan: LivePlan & { readonly live: Live; readonly commands: Commands; readonly acts: ActPlay },
): Promise<LiveServer> {
  const { live, commands, acts, output, signal } = plan;
  const participants = new Participants(live, acts);
  const page = plan.audience ? await audiencePage() : '';
  const server = await openLiveServer({
    ...{ live, commands, port: plan.pagePort, presenterPage: await presenterPage() },
    host: plan.audience ? '0.0.0.0' : '127.0.0.1',
    audience: plan.audience ? (app) => audienceRoutes(app, { participants, page }) : undefined,
  });
  const address = `http://127.0.0.1:${server.port}/presenter?secret=${server.secret}`;
  output.say(`Live     ${pc.bold(address)}\n`);
  if (plan.audience) {
    const joins = `http://${addressHere()}:${server.port}/`;
    output.say(`Audience ${pc.bold(joins)}\n`);
    welcome(live, participants, joins, signal);
  }
  output.say('         Ctrl-C ends it.\n');
  if (plan.open) await (await import('open')).default(address);
  return server;
}

/** The wall shows where to join, and how many have. */
function welcome(
  live: Live,
  participants: Participants,
  address: string,
  signal: AbortSignal,
): void {
  let shown = -1;
  const look = () => {
    if (participants.present === shown) return;
    shown = participants.present;
    live.stage.show({ audience: audienceState(address, shown) });
  };
  look();
  const looking = setInterval(look, LOOK_MILLIS);
  signal.addEventListener('abort', () => clearInterval(looking), { once: true });
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}
