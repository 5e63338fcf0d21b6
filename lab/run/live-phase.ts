import type { FleetEvent } from '../../reports/record/schema.ts';
import type {
  ArmPlan,
  LabRequest,
  LabResponse,
  PhaseLab,
  TrafficPlan,
  TrafficResult,
} from '../../scenarios/kit/contract.ts';
import { pageOf } from '../../scenarios/kit/protocol.ts';
import type { ClearReply, WorkerSnapshot } from '../../server/protocol.ts';
import type { Progress } from '../console/progress.ts';
import type { Fleet, WorkerHandle } from '../fleet/fleet.ts';
import { workerIn } from '../fleet/live-fleet.ts';
import { drive } from '../traffic/drive.ts';
import type { RequestPlan } from '../traffic/drive-plan.ts';
import { clearRow, Ledger, NO_KEY, type Operation } from '../traffic/ledger.ts';
import { readAccount } from '../traffic/response-headers.ts';
import { askWorker, type SingleRequest, sendOne } from '../traffic/single-request.ts';
import type { Workload } from '../traffic/workload.ts';

/** What a phase works with. */
export interface PhaseContext {
  readonly name: string;
  readonly plan: ArmPlan;
  readonly fleet: Fleet;
  readonly workload: Workload;
  /** What the fleet puts before all its keys in a service; empty where there is none. */
  readonly keyPrefix: string;
  readonly progress: Progress;
  /** Ends the phase: Ctrl-C, or a worker that died. */
  readonly signal: AbortSignal;
}

/** What was seen of one phase: by the clients, and by the workers before and after. */
export interface PhaseSighting {
  readonly name: string;
  readonly live: SeenByClients;
  readonly durationMillis: number;
  readonly before: readonly WorkerSnapshot[];
  readonly after: readonly WorkerSnapshot[];
}

/** What the clients of a phase saw, and what was done to the fleet meanwhile. */
export interface SeenByClients {
  readonly ledger: Ledger;
  readonly events: FleetEvent[];
  /** Requests sent, whether or not a response came. */
  sent: number;
  /** Whether every request was drawn from the workload and no worker was replaced: what theory speaks of. */
  fitsTheory: boolean;
  /** Whether no request so far was drawn from the workload. */
  protocol: boolean;
  /** Whether a worker was killed on purpose: it takes requests with it. */
  killed: boolean;
  /** The lowest share of an offered rate that was kept; `null` while no rate was asked for. */
  keptRate: number | null;
}

/** What a scenario does while a phase is recorded: every response becomes a row of the ledger. */
export class LivePhase implements PhaseLab, SeenByClients {
  readonly ledger = new Ledger();
  readonly events: FleetEvent[] = [];
  sent = 0;
  fitsTheory = true;
  protocol = true;
  killed = false;
  keptRate: number | null = null;
  readonly #context: PhaseContext;
  readonly #started = performance.now();

  constructor(context: PhaseContext) {
    this.#context = context;
  }

  async traffic(traffic: TrafficPlan = {}): Promise<TrafficResult> {
    const { plan, fleet, workload, signal, progress, name } = this.#context;
    if (traffic.request) this.fitsTheory = false;
    else this.protocol = false;
    const requests = traffic.requests ?? plan.requests;
    const due = [...(traffic.events ?? [])].sort((a, b) => a.afterResponses - b.afterResponses);
    const acting: Promise<unknown>[] = [];
    const before = this.ledger.length;
    const beginDue = () => {
      while (due[0] && this.ledger.length - before >= due[0].afterResponses) {
        const { label, slot, act } = due.shift()!;
        this.event(label, slot);
        // Awaited below; until then a failure must not count as unhandled.
        const done = act();
        done.catch(() => {});
        acting.push(done);
      }
    };
    const ratePerSecond =
      traffic.ratePerSecond === undefined ? plan.ratePerSecond : traffic.ratePerSecond;
    let answered = 0;
    const following = progress.follow({ name, ledger: this.ledger, expected: before + requests });
    try {
      const result = await drive(
        {
          port: fleet.port,
          requests,
          connections: Math.min(traffic.connections ?? plan.connections, requests),
          routing: traffic.routing ?? plan.routing,
          ratePerSecond,
          timeoutSeconds: traffic.timeoutSeconds,
          phaseStarted: this.#started,
          firstRequest: this.sent,
          next: () => requestFor(workload.next(), traffic.request),
          onResponse: (row, headers, body) => {
            answered += 1;
            traffic.onResponse?.({ ...row, headers, body });
            if (due.length > 0) beginDue();
          },
        },
        this.ledger,
        signal,
      );
      this.sent += result.sent;
      if (ratePerSecond !== null) {
        // autocannon counts in whole seconds, so the last one may be begun for a few requests.
        const dueMillis = 1_000 * (result.sent / ratePerSecond + 1);
        const kept = dueMillis / result.durationMillis;
        this.keptRate = Math.min(1, this.keptRate ?? 1, kept);
      }
      await Promise.all(acting);
      return { sent: result.sent, answered };
    } finally {
      following.stop();
    }
  }

  async ask(slot: number, request: LabRequest): Promise<LabResponse> {
    const { privateSocket } = await this.#worker(slot);
    return this.#single({ socketPath: privateSocket }, request);
  }

  askFleet(request: LabRequest): Promise<LabResponse> {
    return this.#single({ port: this.#context.fleet.port }, request);
  }

  async holdings() {
    const snapshots = await this.#context.fleet.snapshots({ keys: true });
    const { keyPrefix } = this.#context;
    const own = (key: string) => (key.startsWith(keyPrefix) ? key.slice(keyPrefix.length) : key);
    return snapshots.map(({ slot, pid, keys }) => ({ slot, pid, keys: keys?.map(own) ?? null }));
  }

  event(label: string, slot?: number): void {
    this.events.push({
      atRequest: this.ledger.length,
      atMillis: performance.now() - this.#started,
      slot: slot ?? null,
      label,
    });
  }

  reload(): Promise<void> {
    this.fitsTheory = false;
    return this.#context.fleet.reload();
  }

  kill(slot: number): Promise<void> {
    this.fitsTheory = false;
    this.killed = true;
    return this.#context.fleet.kill(slot);
  }

  useServers(servers: readonly number[]): Promise<void> {
    return this.#context.fleet.useServers!(servers);
  }

  async clear(slot: number): Promise<void> {
    const worker = await this.#worker(slot);
    const cleared = await askWorker<ClearReply>(worker, '/clear', { method: 'POST' });
    const arrivedMillis = performance.now() - this.#started;
    this.ledger.append(clearRow(cleared, { request: this.sent, arrivedMillis }));
  }

  async #worker(slot: number): Promise<WorkerHandle> {
    return workerIn(await this.#context.fleet.workers(), slot);
  }

  async #single(to: SingleRequest['to'], request: LabRequest): Promise<LabResponse> {
    const number = this.sent;
    this.sent += 1;
    this.fitsTheory = false;
    const planned = asPlan(request);
    const response = await sendOne({ to, ...planned }, this.#context.signal);
    const account = readAccount(response.headers);
    this.ledger.append({
      request: number,
      key: planned.key,
      operation: planned.operation,
      status: response.status,
      ...account,
      latencyMicros: response.latencyMicros,
      arrivedMillis: performance.now() - this.#started,
    });
    return { ...response, ...account, body: parsed(response.body) };
  }
}

/** Default: the page of the key. */
function requestFor(key: number, request: TrafficPlan['request']): RequestPlan {
  return asPlan(request ? { key, ...request(key) } : pageOf(key));
}

/** A request as it is sent, with what it does to the cache. */
export function asPlan({ method = 'GET', path, key, headers, body }: LabRequest): RequestPlan {
  return {
    key: key ?? NO_KEY,
    operation: operationOf(method, path, key),
    method,
    path,
    headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  };
}

/** What the request makes its worker's cache do, as far as the replay must know. */
function operationOf(method: string, path: string, key: number | undefined): Operation {
  if (key === undefined || !path.startsWith('/users/')) return 'other';
  return method === 'GET' ? 'read' : 'delete';
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
