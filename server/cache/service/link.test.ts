import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CacheServiceError } from '../errors.ts';
import { ServiceLink } from './link.ts';

/** A service in this process, whose moods the test sets. */
class Service {
  up = true;
  /** Whether it answers what it is asked; if not, questions stay open. */
  answers = true;
  /** How long an answer takes. */
  millis = 0;
  clients: Client[] = [];
  closed = 0;

  readonly connector = {
    name: 'Service',
    open: (lost: (reason: Error) => void) => {
      const client: Client = { lost, open: true };
      this.clients.push(client);
      const ready = this.up ? this.ask(client) : Promise.reject(new Error('connect ECONNREFUSED'));
      return { client, ready };
    },
    close: (client: Client) => {
      client.open = false;
      this.closed += 1;
    },
  };

  readonly ask = (client: Client): Promise<string> => {
    if (!client.open) return Promise.reject(new Error('not connected'));
    if (!this.answers) return new Promise(() => {});
    if (this.millis === 0) return Promise.resolve('answer');
    return new Promise((resolve) => setTimeout(() => resolve('answer'), this.millis));
  };

  crash(): void {
    this.up = false;
    for (const client of this.clients.filter(({ open }) => open)) {
      client.lost(new Error('read ECONNRESET'));
    }
  }
}

interface Client {
  readonly lost: (reason: Error) => void;
  open: boolean;
}

describe('a link to a service', () => {
  let service: Service;
  let link: ServiceLink<Client>;
  const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});

  beforeEach(() => {
    vi.useFakeTimers();
    warnings.mockClear();
    service = new Service();
  });
  afterEach(() => {
    link.close();
    vi.useRealTimers();
  });
  const open = (onConnected?: () => void) => {
    link = new ServiceLink({ ...service.connector, timeoutSeconds: 1, onConnected });
    return link;
  };
  const failure = (call: Promise<unknown>) =>
    call.then(
      () => 'answered',
      (error: unknown) => error,
    );

  it('comes back to a service that it hears late, since this process has much to do', async () => {
    open();
    await vi.advanceTimersByTimeAsync(0);
    service.answers = false;
    const lost = failure(link.call(service.ask));
    await vi.advanceTimersByTimeAsync(1_001);
    expect(await lost).toBeInstanceOf(CacheServiceError);
    service.answers = true;
    service.millis = 3_000;
    await vi.advanceTimersByTimeAsync(3_500);
    service.millis = 0;
    await expect(link.call(service.ask)).resolves.toBe('answer');
  });

  it('lets calls made before it is connected wait for the connection', async () => {
    await expect(open().call(service.ask)).resolves.toBe('answer');
  });

  it('fails calls at once while the service is not there, and says why', async () => {
    service.up = false;
    const error = await failure(open().call(service.ask));
    expect(error).toBeInstanceOf(CacheServiceError);
    expect((error as Error).message).toMatch(/cannot be reached .*ECONNREFUSED/);
  });

  it('is back by itself once the service is, and tells whoever asked to be told', async () => {
    const connected = vi.fn();
    await open(connected).call(service.ask);
    expect(connected).toHaveBeenCalledTimes(1);
    service.crash();
    await expect(link.call(service.ask)).rejects.toThrow(/is gone/);
    await vi.advanceTimersByTimeAsync(5_000);
    await expect(link.call(service.ask)).rejects.toThrow(CacheServiceError);
    service.up = true;
    await vi.advanceTimersByTimeAsync(500);
    await expect(link.call(service.ask)).resolves.toBe('answer');
    expect(connected).toHaveBeenCalledTimes(2);
  });

  it('gives up a silent service after one timeout, for all calls together', async () => {
    await open().call(service.ask);
    service.answers = false;
    const calls = Array.from({ length: 50 }, () => failure(link.call(service.ask)));
    await vi.advanceTimersByTimeAsync(1_001);
    for (const error of await Promise.all(calls)) expect(error).toBeInstanceOf(CacheServiceError);
    // No timeout for those who come now.
    expect(await failure(link.call(service.ask))).toBeInstanceOf(CacheServiceError);
    service.answers = true;
    await vi.advanceTimersByTimeAsync(1_000);
    await expect(link.call(service.ask)).resolves.toBe('answer');
  });

  it('takes no more than a thousand calls at once', async () => {
    await open().call(service.ask);
    service.answers = false;
    const calls = Array.from({ length: 1_000 }, () => failure(link.call(service.ask)));
    await expect(link.call(service.ask)).rejects.toThrow(/1000 calls/);
    await vi.advanceTimersByTimeAsync(1_001);
    await Promise.all(calls);
  });

  it('passes on an error that the service answers, and keeps the connection', async () => {
    await open().call(service.ask);
    const refused = link.call(() => Promise.reject(new Error('OOM command not allowed')));
    await expect(refused).rejects.toThrow(/answered: OOM/);
    await expect(link.call(service.ask)).resolves.toBe('answer');
    expect(service.clients).toHaveLength(1);
  });

  it('warns when the service goes and when it comes back, however often it is asked', async () => {
    await open().call(service.ask);
    service.crash();
    for (let i = 0; i < 100; i += 1) await failure(link.call(service.ask));
    await vi.advanceTimersByTimeAsync(60_000);
    service.up = true;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(warnings.mock.calls.map(([text]) => text)).toEqual([
      expect.stringMatching(/is gone/),
      expect.stringMatching(/is back/),
    ]);
  });

  it('leaves no connection open, neither old ones nor failed attempts', async () => {
    await open().call(service.ask);
    service.crash();
    await vi.advanceTimersByTimeAsync(3_000);
    link.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(service.clients.filter((client) => client.open)).toEqual([]);
    expect(service.closed).toBe(service.clients.length);
    await expect(link.call(service.ask)).rejects.toThrow(CacheServiceError);
  });
});
