import { describe, expect, test } from 'vitest';
import { scenarios } from '../../scenarios/index.ts';
import { planSeries } from './plan.ts';

describe('scenarios asked for by name', () => {
  test('take the flags that were given', () => {
    const { plans, notices } = planSeries('hit-rate,expiry', { workers: [3] }, {});
    expect(plans.map(({ scenario }) => scenario.name)).toEqual(['hit-rate', 'expiry']);
    expect(plans.every(({ options }) => options.workers[0] === 3)).toBe(true);
    expect(notices).toEqual([]);
  });

  test('refuse a flag that one of them cannot use, and say why', () => {
    expect(() => planSeries('threads', { launcher: 'pm2' }, {})).toThrow(
      /--launcher cannot be used with --scenario threads: /,
    );
  });
});

describe('a service that runs already', () => {
  const redis = 'redis://:secret@127.0.0.1:1';

  test('is refused where no backend would ask it', () => {
    const plan = () => planSeries('hit-rate', {}, { redis });
    expect(plan).toThrow(/--redis redis:.*127.0.0.1:1.* would not be used/);
    expect(plan).not.toThrow('secret');
    const backends = ['locmem', 'redis'] as const;
    const memcached = '127.0.0.1:1';
    expect(() => planSeries('hit-rate', { backends }, { memcached, redis })).toThrow(
      '--memcached 127.0.0.1:1 would not be used',
    );
  });

  test('is taken where one of the scenarios asks it', () => {
    const { plans } = planSeries('hit-rate', { backends: ['tiered'] }, { redis });
    expect(plans).toHaveLength(1);
    const all = { redis, memcached: '127.0.0.1:1' };
    expect(planSeries('first-request,shared-cache', {}, all).plans).toHaveLength(2);
  });
});

describe('all scenarios', () => {
  test('run without flags, in the order of the course', () => {
    const { plans, notices } = planSeries('all', {}, {});
    expect(plans.map(({ scenario }) => scenario.name)).toEqual(Object.keys(scenarios));
    expect(notices).toEqual([]);
  });

  test('do without the flags that they cannot use, one sentence for each', () => {
    const { plans, notices } = planSeries('all', { launcher: 'pm2' }, {});
    const threads = plans.find(({ scenario }) => scenario.name === 'threads')!;
    expect(threads.given).toEqual({});
    expect(notices.some((notice) => notice.startsWith('threads does without --launcher: '))).toBe(
      true,
    );
    const others = plans.filter(({ scenario }) => scenario.unused?.launcher === undefined);
    expect(others.every(({ options }) => options.launcher === 'pm2')).toBe(true);
  });

  test('are left out where these options make no sense, and that is said', () => {
    const { plans, notices } = planSeries('all', { workers: [1] }, {});
    const names = plans.map(({ scenario }) => scenario.name);
    expect(names).not.toContain('user-123');
    expect(notices.some((notice) => notice.startsWith('user-123 is left out. '))).toBe(true);
    expect(names).toContain('hit-rate');
  });
});
