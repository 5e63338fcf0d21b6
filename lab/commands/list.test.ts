import { expect, test } from 'vitest';
import { lab } from '../fixtures/lab.ts';

test('list has every scenario, launcher and backend', async () => {
  const { code, stdout } = await lab(['list']);
  expect(code).toBe(0);
  expect(stdout).toContain('user-123       Worker 1 has cached user_123. Does worker 2 know it?');
  expect(stdout).toContain('claims C6, C14; about 2 s');
  expect(stdout).toMatch(/ {2}pm2 +pm2 in cl.*\n +gunicorn +Gunicorn: .*\n +here: Django \d/);
  expect(stdout).toContain('dummy, file, locmem, memcached, redis, sqlite, tiered');
});
