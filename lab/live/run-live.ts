import pc from 'picocolors';
import { audiencePage, presenterPage } from '../../reports/live/page.ts';
import { loadActs } from '../../scenarios/curriculum/acts.ts';
import type { Output } from '../console/output.ts';
import { shown } from '../console/shown-path.ts';
import { createRunFolder } from '../run/run-folder.ts';
import { ActPlay } from './act-play.ts';
import { addressHere, audienceRoutes, audienceState } from './audience.ts';
import { Commands, sentenceOf } from './commands.ts';
import { Live, type LiveContext } from './live.ts';
import { Participants } from './participants.ts';
import { save } from './save.ts';
import { openLiveServer } from './server.ts';
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
  const { output, signal, pagePort } = plan;
  const startedAt = new Date();
  const run = createRunFolder();
  const choices = choicesHere(plan.services);
  const live = new Live({ ...plan, folder: run.path, choices }, settingOf(plan.options));
  const saveIt = async () => {
    await live.checkpoint();
    const arms = live.recording.arms();
    // It takes its time, and the next command need not wait for it.
    void save({ ...plan, arms, startedAt, savedAt: new Date() }).then(
      (report) => live.stage.show({ saved: shown(report) }),
      (error) => live.stage.say(`It could not be saved. ${sentenceOf(error)}`),
    );
  };
  const commands = new Commands(live, async (command) => {
    if (command.do === 'save') await saveIt();
    // They wait for responses; whatever the presenter does meanwhile is done.
    else if (command.do === 'act') void acts.go(command.number);
    else if (command.do === 'show') void acts.show();
  });
  const acts = new ActPlay(live, commands, await loadActs());
  live.onFull = () => void commands.queue(() => live.checkpoint());
  live.onFailure = (error) => {
    live.stage.say(`${sentenceOf(error)} The fleet is started again.`);
    void commands.queue(() => live.start());
  };
  try {
    const page = presenterPage();
    await live.start();
    const participants = new Participants(live, acts);
    const guests = { participants, page: await audiencePage() };
    const server = await openLiveServer({
      ...{ live, commands, port: pagePort, presenterPage: await page },
      host: plan.audience ? '0.0.0.0' : '127.0.0.1',
      audience: plan.audience ? (app) => audienceRoutes(app, guests) : undefined,
    });
    const address = `http://127.0.0.1:${server.port}/presenter?secret=${server.secret}`;
    output.say(`Live     ${pc.bold(address)}\n`);
    if (plan.audience) {
      const joins = `http://${addressHere()}:${server.port}/`;
      output.say(`Audience ${pc.bold(joins)}\n`);
      welcome(live, participants, joins, signal);
    }
    output.say('         Ctrl-C ends it.\n');
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
