import path from 'node:path';
import type { Choices, Setting } from '../../reports/live/protocol.ts';
import { counted } from '../../reports/record/format.ts';
import type { LauncherName } from '../../reports/record/vocabulary.ts';
import type { LabRequest, ScenarioOptions } from '../../scenarios/kit/contract.ts';
import { pageOf } from '../../scenarios/kit/protocol.ts';
import { generateDatabase } from '../../server/origin/database.ts';
import { LabError } from '../console/errors.ts';
import type { Launcher } from '../fleet/fleet.ts';
import { asPlan } from '../run/live-phase.ts';
import type { ServiceAddresses } from '../services/programs.ts';
import { createWorkload, type Workload } from '../traffic/workload.ts';
import { PIECE_ROWS, Recording } from './recording.ts';
import { RunningFleet } from './running-fleet.ts';
import { type Changes, changesInWords, planOf, restarts } from './setting.ts';
import { Stage } from './stage.ts';
import { type Numbered, Stream, type Streamed } from './stream.ts';

/** What the live view works with. */
export interface LiveContext {
  readonly options: ScenarioOptions;
  readonly choices: Choices;
  /** Private to the lab. */
  readonly folder: string;
  /** 0: any free port. */
  readonly port: number;
  launcherOf(name: LauncherName): Promise<Launcher>;
  readonly services: ServiceAddresses;
  /** In the database; left out: as many as a run has. */
  readonly originOrders?: number | undefined;
  /** Left out: one that keeps as much as a day needs. */
  readonly recording?: Recording;
  readonly signal: AbortSignal;
}

const MEMORY_EVERY_MILLIS = 1_000;

/**
 * The fleet on the wall: a fleet, a stream of requests at it, and what is shown and recorded of both.
 * What is done to it is done one after the other; {@link Commands} sees to that.
 */
export class Live {
  readonly stage: Stage;
  readonly recording: Recording;
  readonly choices: Choices;
  readonly #context: LiveContext;
  readonly stream: Stream;
  #fleet: RunningFleet | null = null;
  #workload: Workload;
  #fleets = 0;
  #stretches = 0;
  #starting: Promise<void> = Promise.resolve();
  /** While nothing may be asked: between two stretches, or two fleets. */
  #closed: PromiseWithResolvers<void> | null = null;
  #lookAtMemory: NodeJS.Timeout;
  /** Hears of a fleet that failed by itself. */
  onFailure: (error: Error) => void = () => {};
  /** Hears of each response, and whether one cache would have had it. */
  onResponse: (response: Streamed, oneHit: boolean | null) => void = () => {};
  /** Hears when it is time for a {@link checkpoint}. */
  onFull: () => void = () => {};

  constructor(context: LiveContext, setting: Setting) {
    this.#context = context;
    this.recording = context.recording ?? new Recording();
    this.choices = context.choices;
    this.#workload = createWorkload({ ...context.options, ...setting });
    const shown = { setting, act: null, audience: null, busy: null, saved: null };
    this.stage = new Stage(context.choices, shown, performance.now());
    this.stream = new Stream({
      next: () => this.#numbered(pageOf(this.#workload.next())),
      onResponse: (response) => this.#see(response),
      onLost: () => this.stage.lost(),
    });
    this.#lookAtMemory = setInterval(() => this.#readMemory(), MEMORY_EVERY_MILLIS);
  }

  get setting(): Setting {
    return this.stage.shown.setting;
  }

  /** When the oldest request that is still on its way was sent. */
  get oldest(): number {
    return this.stream.oldest;
  }

  /** Starts the fleet of the setting, in the place of the one before. */
  start(): Promise<void> {
    this.#starting = this.#start();
    return this.#starting;
  }

  async #start(): Promise<void> {
    const { setting } = this;
    this.stage.show({ busy: `starting ${counted(setting.workers, 'worker')}` });
    await this.#end();
    try {
      this.#fleets += 1;
      this.#stretches = 1;
      const plan = planOf(setting, this.#context.options, this.#nameOf(setting));
      const database = this.#databaseFor(setting.keys);
      const fleet = await RunningFleet.start(plan, { ...this.#context, database });
      this.#fleet = fleet;
      this.#watch(fleet);
      this.#workload = createWorkload(plan);
      this.recording.beginArm(plan, fleet.startMillis);
      const now = performance.now();
      this.stage.begin({ ...plan, keys: setting.keys }, await fleet.workers(), now);
      await this.#beginStretch();
      await this.#aim();
    } finally {
      this.#open();
      this.stage.show({ busy: null });
    }
  }

  /** Makes changes of the setting; those of the workers' own start them anew. */
  async change(changes: Changes): Promise<void> {
    const before = this.setting;
    const words = changesInWords(before, changes);
    if (words.length === 0) return;
    const after = { ...before, ...changes };
    this.event(words.join(', '));
    if (restarts(before, changes) || !this.#fleet) {
      this.stage.show({ setting: after });
      await this.start();
      return;
    }
    const { routing, popularity, zipf, clients } = changes;
    const isOther = [routing, popularity, zipf, clients].some((one) => one !== undefined);
    if (isOther) await this.#otherStretch(after);
    else this.stream.setRate(after.ratePerSecond);
    this.stage.show({ setting: after });
  }

  play(): void {
    this.stage.show({ setting: { ...this.setting, playing: true } });
    this.stream.play();
  }

  pause(): void {
    this.stage.show({ setting: { ...this.setting, playing: false } });
    this.stream.pause();
  }

  /**
   * Sends a request by hand, once requests may be sent.
   *
   * @param send sends it before it returns
   * @throws LabError while there is no fleet
   */
  async through<Answer>(
    request: LabRequest,
    send: (request: Numbered) => Promise<Answer>,
  ): Promise<Answer> {
    while (this.#closed) await this.#closed.promise;
    this.fleet;
    return send(this.#numbered(request));
  }

  /** What is done to the fleet, in a few words: for the time axis. */
  event(label: string, slot?: number): void {
    this.recording.event(label, slot);
    this.stage.event(label);
  }

  /** Who is there after a restart. */
  async meet(): Promise<void> {
    for (const worker of await this.fleet.workers()) this.stage.arrived(worker);
  }

  /** @throws LabError while there is none */
  get fleet(): RunningFleet {
    if (this.#fleet) return this.#fleet;
    throw new LabError('No worker is running.', {
      remedy: 'Change the setting to what was running before.',
    });
  }

  /** Ends everything. Never throws. */
  async close(): Promise<void> {
    clearInterval(this.#lookAtMemory);
    // A fleet that is just being started ends by itself when it was interrupted, else here.
    await this.#starting.catch(() => {});
    const fleet = this.#fleet;
    this.#fleet = null;
    await this.stream.close();
    await fleet?.stop();
  }

  /** Reads the counters while nothing is on its way: what there is so far can be audited. */
  async checkpoint(): Promise<void> {
    await this.#quiet();
    try {
      await this.#endStretch();
      await this.#beginStretch();
    } finally {
      this.#resume();
    }
  }

  async #otherStretch(after: Setting): Promise<void> {
    await this.#quiet();
    await this.#endStretch();
    this.#stretches += 1;
    const { popularity, zipf } = this.setting;
    if (after.popularity !== popularity || after.zipf !== zipf) {
      this.#workload = createWorkload({ ...this.#context.options, ...after });
    }
    this.stage.show({ setting: after });
    await this.#beginStretch();
    await this.#aim();
  }

  async #end(): Promise<void> {
    const fleet = this.#fleet;
    if (!fleet) return;
    await this.#quiet();
    // A worker that died has taken its counters with it.
    await this.#endStretch().catch(() => this.recording.endStretch([]));
    this.#fleet = null;
    await fleet.stop();
  }

  async #quiet(): Promise<void> {
    this.#closed ??= Promise.withResolvers();
    this.stream.pause();
    await this.stream.settled();
  }

  #resume(): void {
    this.#open();
    if (this.setting.playing) this.stream.play();
  }

  #open(): void {
    this.#closed?.resolve();
    this.#closed = null;
  }

  async #aim(): Promise<void> {
    const { routing, clients, ratePerSecond } = this.setting;
    this.stream.aim({ port: await this.fleet.portFor(routing), routing, clients });
    this.stream.setRate(ratePerSecond);
    this.#resume();
  }

  async #endStretch(): Promise<void> {
    this.recording.endStretch(await this.fleet.snapshots({ keys: true }));
  }

  async #beginStretch(): Promise<void> {
    const { routing, popularity, zipf } = this.setting;
    const law = popularity === 'zipf' ? `zipf ${zipf}` : popularity;
    const name = `${this.#stretches}: ${routing}, ${law}`;
    this.recording.beginStretch(name, await this.fleet.snapshots());
  }

  #see(response: Streamed): void {
    const now = performance.now();
    this.recording.respond(response, now);
    this.onResponse(response, this.stage.respond(response, now));
    if (this.recording.rows === PIECE_ROWS) this.onFull();
  }

  #numbered(request: LabRequest): Numbered {
    return { request: this.recording.nextRequest(), plan: asPlan(request) };
  }

  #watch(fleet: RunningFleet): void {
    const { failure } = fleet;
    const onFailure = () => {
      if (this.#fleet === fleet) this.onFailure(failure.reason as Error);
    };
    failure.addEventListener('abort', onFailure, { once: true });
    if (failure.aborted) onFailure();
  }

  async #readMemory(): Promise<void> {
    try {
      this.stage.memory((await this.#fleet?.snapshots()) ?? []);
    } catch {
      // A worker that was just killed does not answer; the next look finds its successor.
    }
  }

  #databaseFor(keys: number): string {
    const { folder, options, originOrders: orders } = this.#context;
    const file = path.join(folder, `origin-${keys}.sqlite`);
    generateDatabase(file, { users: keys, seed: options.seed, orders });
    return file;
  }

  #nameOf({ workers, launcher, backend }: Setting): string {
    return `${this.#fleets}: ${counted(workers, 'worker').replace('\u00a0', ' ')}, ${launcher}, ${backend}`;
  }
}
