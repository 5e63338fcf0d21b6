import { describe, expect, test } from 'vitest';
import { requestsIn } from '../fixtures/requests.ts';

describe('an access log', () => {
  const request = '"GET /a HTTP/1.1" 200 5';
  const only = (line: string) => requestsIn(line, { format: 'log' }).requests[0];

  test.each([
    ['10.0.0.1 - - ', '10.0.0.1'],
    ['10.0.0.1 - bob ', '10.0.0.1'],
    ['[::1]:443 ::1 - - ', '::1'],
    ['j[1] 10.0.0.1 - - ', '10.0.0.1'],
    ['Oct 10 13:55:36 web1 nginx[77]: 10.0.0.1 - - ', '10.0.0.1'],
    ['2000-10-10T20:55:36Z stdout F 10.0.0.1 - - ', '10.0.0.1'],
    ['10.0.0.1 ', '10.0.0.1'],
  ])('has anything before its time: %s', (before, client) => {
    const line = `${before}[10/Oct/2000:13:55:36 -0700] ${request}`;
    const seconds = Date.UTC(2000, 9, 10, 20, 55, 36) / 1000;
    expect(requestsIn(`${line} "-"`)).toMatchObject({ format: 'log' });
    expect(only(line)).toEqual({ key: '/a', seconds, client, method: 'GET', status: 200, size: 5 });
  });

  test('tells methods, status and size, or not', () => {
    const time = 'h - - [10/Oct/2000:13:55:36 -0700]';
    expect(only(`${time} "DELETE /a?b=c HTTP/2.0" 204 -`)).toMatchObject({
      ...{ key: '/a?b=c', method: 'DELETE', status: 204 },
    });
    expect(only(`${time} "DELETE /a HTTP/2.0" 204 -`)).not.toHaveProperty('size');
    expect(only(`${time} "GET /a HTTP/2.0"`)).not.toHaveProperty('status');
    expect(only(`${time} "GET /a HTTP/2.0" - 7`)).not.toHaveProperty('status');
    expect(only(`${time} "GET /\\"a HTTP/2.0" 200 7`)).toMatchObject({ key: '/\\"a' });
    expect(only(`${time} "GET /a b HTTP/1.1" 200 1`)).toMatchObject({ key: '/a b' });
  });

  test.each([
    ['[10/Oct/2000:13:55:36 -0700] "-" 408 0', 'no method, path and protocol'],
    ['[10/Oct/2000:13:55:36 -0700] "\\x16\\x03\\x01" 400 0', 'no method, path and protocol'],
    ['[10/Oct/2000:13:55:36 -0700] "GET  HTTP/1.1" 200 1', 'no method, path and protocol'],
    ['[10/Oct/2000:13:55:36 -0700] "GET /a" 200 1', 'no method, path and protocol'],
    ['[10/Oct/2000:13:55:36 -0700] "GET /a HTTP/1.1', 'a request without its closing quote'],
    ['[10/Oct/2000:13:55:36 -0700] GET /a HTTP/1.1 200 5', 'no request in quotes'],
    ['[10/Foo/2000:13:55:36 -0700] "GET /a HTTP/1.1" 200 1', 'no time in brackets'],
    ['[30/Feb/2000:13:55:36 -0700] "GET /a HTTP/1.1" 200 1', 'no time in brackets'],
    ['[10/Oct/2000:1x:55:36 -0700] "GET /a HTTP/1.1" 200 1', 'no time in brackets'],
    ['[2000-10-10 13:55:36] "GET /a HTTP/1.1" 200 1', 'no time in brackets'],
  ])('leaves %s out: %s', (line, reason) => {
    expect(only(`h - - ${line}`)).toBe(reason);
  });
});
