import { describe, expect, test } from 'vitest';
import { SCENARIO_NAMES } from '../../scenarios/index.ts';
import { planSeries } from './plan.ts';

const faultsOf = async (...args: Parameters<typeof planSeries>) =>
  (await planSeries(...args)).faults.map(({ message }) => message);

describe('scenarios asked for by name', () => {
  test('take the flags that were given, over their own defaults, over those of the lab', async () => {
    const { plans, notices, faults } = await planSeries('hit-rate,expiry', { keys: 30 }, {});
    expect(plans.map(({ scenario }) => scenario.name)).toEqual(['hit-rate', 'expiry']);
    expect(plans.map(({ options }) => options.keys)).toEqual([30, 30]);
    // Its own default, and the lab's.
    expect(plans.map(({ options }) => options.timeoutSeconds)).toEqual([300, 0.5]);
    expect(plans.map(({ options }) => options.seed)).toEqual([1, 1]);
    expect([...notices, ...faults]).toEqual([]);
  });

  test('refuse a flag that one of them cannot use, and say why', async () => {
    expect(await faultsOf('threads', { launchers: ['pm2'] }, {})).toEqual([
      '--launcher cannot be used with --scenario threads: one arm is a process and the other its threads; it starts both itself.',
    ]);
  });

  test('tell everything that is wrong, not the first alone', async () => {
    const given = { workers: [1], keys: 400, timeoutSeconds: 2, routing: 'fresh' } as const;
    const faults = await faultsOf('restart,nonsense', given, { redis: 'redis://127.0.0.1:1' });
    expect(faults.map((fault) => fault.split(/[:.]/)[0])).toEqual([
      '--scenario nonsense',
      '--routing cannot be used with --scenario restart',
      '--workers 1 cannot be used with --scenario restart',
      '--keys 400 cannot be used with --scenario restart',
      '--timeout 2 cannot be used with --scenario restart',
      '--redis redis',
    ]);
  });

  test('are none of what every object has', async () => {
    expect(await faultsOf('constructor', {}, {})).toEqual([
      '--scenario constructor: there is no such scenario.',
    ]);
    expect(await faultsOf('', {}, {})).toEqual(['--scenario "": there is no such scenario.']);
  });

  test('need as many requests as there are connections to send them', async () => {
    expect(await faultsOf('hit-rate', { requests: 5, connections: 6 }, {})).toEqual([
      '--requests 5 is fewer than --connections 6: some connections would never send one.',
    ]);
    expect(await faultsOf('hit-rate', { requests: 6, connections: 6 }, {})).toEqual([]);
  });
});

describe('Gunicorn', () => {
  const gunicorn = { launchers: ['gunicorn'] } as const;

  test('has fresh connections where its workers would close them, and that is said', async () => {
    const { plans, notices, faults } = await planSeries('hit-rate', gunicorn, {});
    expect(plans[0]!.options.routing).toBe('fresh');
    expect(notices).toEqual([expect.stringMatching(/^hit-rate has a fresh connection for each/)]);
    expect(faults).toEqual([]);
    const threads = { ...gunicorn, gunicornClass: 'gthread', threads: 2 } as const;
    const kept = await planSeries('hit-rate', threads, {});
    expect([kept.plans[0]!.options.routing, ...kept.notices]).toEqual(['keep-alive']);
  });

  test.each([
    ['hit-rate', { routing: 'keep-alive' }, /a sync worker closes each connection/],
    ['hit-rate', { routing: 'by-key' }, /the balancer of the lab does not get on/],
    ['hit-rate', { threads: 4 }, /a sync worker has one thread/],
    ['hit-rate', { backends: ['tiered'] }, /keeps nothing in tiered/],
    ['stampede', {}, /the Django project has no hot-key/],
    ['two-servers', {}, /a sync worker closes each connection/],
  ] as const)('cannot do %s with %j, and says why', async (scenario, given, why) => {
    const [fault] = await faultsOf(scenario, { ...gunicorn, ...given }, {});
    expect(fault).toMatch(/^--launcher gunicorn cannot be used with --scenario/);
    expect(fault).toMatch(why);
  });

  test('is one of several launchers only where they are compared', async () => {
    const launchers = ['cluster', 'gunicorn'] as const;
    expect(await faultsOf('hit-rate', { launchers }, {})).toEqual([]);
    expect(await faultsOf('user-123', { launchers }, {})).toEqual([
      '--launcher cluster,gunicorn cannot be used with --scenario user-123: its arms are all of one launcher.',
    ]);
  });

  test('is needed for what is said of its workers', async () => {
    expect(await faultsOf('hit-rate', { threads: 2, gunicornClass: 'gthread' }, {})).toEqual([
      '--gunicorn-class gthread would not be used: nothing is run by Gunicorn.',
      '--threads 2 would not be used: nothing is run by Gunicorn.',
    ]);
  });
});

describe('a service that runs already', () => {
  const redis = 'redis://:secret@127.0.0.1:1';

  test('is refused where no backend would ask it, without its password', async () => {
    const [fault] = await faultsOf('hit-rate', {}, { redis });
    expect(fault).toMatch(/--redis redis:.*127.0.0.1:1.* would not be used/);
    expect(fault).not.toContain('secret');
    const backends = ['locmem', 'redis'] as const;
    expect(
      await faultsOf('hit-rate', { backends }, { memcached: '127.0.0.1:1', redis }),
    ).toMatchObject([expect.stringContaining('--memcached 127.0.0.1:1 would not be used')]);
  });

  test('is taken where one of the scenarios asks it', async () => {
    expect(await faultsOf('hit-rate', { backends: ['tiered'] }, { redis })).toEqual([]);
    const all = { redis, memcached: '127.0.0.1:1' };
    expect(await faultsOf('first-request,shared-cache', {}, all)).toEqual([]);
  });
});

describe('all scenarios', () => {
  test('run without flags, in the order of the course', async () => {
    const { plans, notices } = await planSeries('all', {}, {});
    expect(plans.map(({ scenario }) => scenario.name)).toEqual(SCENARIO_NAMES);
    expect(notices).toEqual([]);
  });

  test('do without the flags that they cannot use, one sentence for each', async () => {
    const { plans, notices } = await planSeries('all', { launchers: ['pm2'] }, {});
    const threads = plans.find(({ scenario }) => scenario.name === 'threads')!;
    expect(threads.given).toEqual({});
    expect(notices.filter((notice) => notice.includes('does without'))).toEqual([
      'threads does without --launcher: one arm is a process and the other its threads; it starts both itself.',
    ]);
    const others = plans.filter(({ scenario }) => scenario.unused?.launchers === undefined);
    expect(others.every(({ options }) => options.launchers[0] === 'pm2')).toBe(true);
  });

  test('are left out where these options make no sense, and that is said', async () => {
    const { plans, notices, faults } = await planSeries('all', { workers: [1] }, {});
    const names = plans.map(({ scenario }) => scenario.name);
    expect(names).not.toContain('user-123');
    expect(notices.some((notice) => notice.startsWith('user-123 is left out. --workers 1'))).toBe(
      true,
    );
    expect(names).toContain('hit-rate');
    expect(faults).toEqual([]);
  });
});
