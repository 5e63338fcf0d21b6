import { describe, expect, test } from 'vitest';
import { GUIDE_SAMPLES } from '../../fixtures/guide.ts';
import { requestsIn } from '../fixtures/requests.ts';
import type { ReadingOptions } from '../traced-request.ts';

const sample = (file: string, options?: Partial<ReadingOptions> & { format?: string }) =>
  requestsIn(GUIDE_SAMPLES.get(file)!, options);

/** 12 January 2026, 8:00:00 UTC. */
const EIGHT = Date.UTC(2026, 0, 12, 8) / 1000;
/** The two requests that all samples of HTTP have, with what the format tells of them. */
const twoRequests = ({
  first = EIGHT + 1.25,
  second = EIGHT + 3.5,
  key = '/users/7?tab=orders',
}) => [
  { key, seconds: first, client: '203.0.113.7', method: 'GET', status: 200, size: 2326 },
  { key, seconds: second, client: '203.0.113.8', method: 'GET', status: 200, size: 2326 },
];
const WHOLE_SECONDS = { first: EIGHT + 1, second: EIGHT + 3 };

describe('formats are recognised by their lines', () => {
  test.each([
    ['access.log', 'log', WHOLE_SECONDS],
    ['caddy.log', 'json', {}],
    ['traefik.log', 'json', {}],
    ['envoy.log', 'json', {}],
    ['pino.log', 'json', {}],
    // Without a zone, so nine o'clock in UTC.
    ['haproxy.log', 'haproxy', { first: EIGHT + 3601.25, second: EIGHT + 3603.5 }],
    ['alb.log', 'alb', { key: 'https://shop.example.com:443/users/7?tab=orders' }],
    ['cloudfront.log', 'w3c', WHOLE_SECONDS],
  ])('%s is %s', (file, format, told) => {
    const read = sample(file);
    expect(read.format).toBe(format);
    expect(read.requests).toEqual(twoRequests(told));
    expect(read.reader).toMatchObject({ hasTimes: true, columns: ['client', 'write', 'size'] });
  });

  test('requests.csv is csv, with a semicolon', () => {
    const { format, requests, reader } = sample('requests.csv');
    const without = twoRequests({}).map(({ size: _, ...told }) => told);
    expect([format, requests]).toEqual(['csv', without]);
    expect(reader.columns).toEqual(['client', 'write']);
  });

  test('monitor.txt is redis', () => {
    const { format, requests } = sample('monitor.txt');
    const key = ':1:users:7';
    expect([format, requests]).toEqual([
      'redis',
      [
        { key, seconds: EIGHT + 1.25, client: '127.0.0.1:60866', method: 'GET' },
        { key, seconds: EIGHT + 3.5, client: '127.0.0.1:60868', method: 'GET' },
      ],
    ]);
  });

  test('cluster.csv is twitter', () => {
    const { format, requests } = sample('cluster.csv');
    const told = { key: 'users:7', method: 'GET', size: 230 };
    expect([format, requests]).toEqual([
      'twitter',
      [
        { ...told, seconds: 0, client: '14' },
        { ...told, seconds: 3, client: '15' },
      ],
    ]);
  });

  test('keys.txt is keys, without times', () => {
    const { format, requests, reader } = sample('keys.txt');
    expect([format, requests]).toEqual(['keys', [{ key: 'users:7' }, { key: 'users:7' }]]);
    expect(reader.hasTimes).toBe(false);
  });

  test('half a line at the beginning and a line cut off are no reason not to', () => {
    for (const file of ['access.log', 'caddy.log', 'haproxy.log', 'alb.log', 'cluster.csv']) {
      const text = GUIDE_SAMPLES.get(file)!;
      const { format } = sample(file);
      const cut = requestsIn(`${text.slice(text.indexOf('\n') - 12)}${text}`);
      expect([cut.format, cut.requests.length]).toEqual([format, 4]);
      expect(typeof cut.requests[0]).toBe('string');
    }
  });
});

describe('CSV', () => {
  test('has one separator, quotes and columns under their usual names', () => {
    const told = { key: 'a,"b"', seconds: 10, client: 'x', size: 7 };
    expect(requestsIn('client,key,time,size\nx,"a,""b""",10,7\ny,c,11,8').requests).toEqual([
      ...[told, { key: 'c', seconds: 11, client: 'y', size: 8 }],
    ]);
    expect(requestsIn('Timestamp\tURL\n5\t/a').requests).toEqual([{ key: '/a', seconds: 5 }]);
    expect(requestsIn('# ts, obj ,key\n5,b,a').requests).toEqual([{ key: 'a', seconds: 5 }]);
    expect(requestsIn('request;status\nGET /a HTTP/1.1;200').requests).toEqual([
      { key: '/a', method: 'GET', status: 200 },
    ]);
  });

  test('has columns that are named or counted', () => {
    const named = { fields: { key: 'obj', time: 'WHEN' } };
    expect(requestsIn('when,obj,url\n5,a,b', named).requests).toEqual([{ key: 'a', seconds: 5 }]);
    const counted = { fields: { key: '2', time: '1' } };
    expect(sample('blocks.csv', counted).requests).toEqual([
      { key: '7', seconds: 0.25 },
      { key: '7', seconds: 2.5 },
    ]);
  });

  test.each([
    ['time,obj\n1,a', {}, 'names no column "key": time,obj'],
    ['time,obj\n1,a', { key: 'id' }, 'names no column "id": time,obj'],
    ['time,obj\n1,a', { key: '3' }, '--key-field 3 is none of the 2 columns'],
    ['time,obj\n1,a', { key: '0' }, '--key-field 0 is none of the 2 columns'],
    ['key,time,key\na,1,b', {}, 'names two columns "key"'],
  ])('%j with %j is refused: %s', (text, fields, message) => {
    expect(() => requestsIn(text, { format: 'csv', fields })).toThrow(message);
  });

  test('counts rows that do not fit, by what is wrong', () => {
    expect(requestsIn('time,key\n1,a\nsoon,b\n2\n3,"c\n"4"x,d\n-Infinity,e').requests).toEqual([
      { key: 'a', seconds: 1 },
      ...['no time', 'another number of fields than in the first line'],
      ...['a quote that does not end', 'a quote that does not end', 'no time'],
    ]);
  });
});

describe('Redis MONITOR', () => {
  // As Redis 7 printed it.
  const MONITOR = String.raw`
OK
1795302992.545645 [0 unix:/run/r.sock] "set" "a \"q\" b" "1"
1795302992.556372 [0 unix:/run/r.sock] "get" "a \"q\" b"
1795302992.569913 [0 unix:/run/r.sock] "mget" "x" "\xc3\xbc\\n"
1795302992.577142 [1 [::1]:6379] "SELECT" "1"
1795302992.577197 [1 [::1]:6379] "get" "x"
1795302992.585471 [0 unix:/run/r.sock] "del" "x" "y"
1795302992.593426 [0 unix:/run/r.sock] "ping"
1795302992.593479 [0 lua] "get" "x"
cut off`;

  test('is read with its escapes, several keys and databases', () => {
    const requests = requestsIn(MONITOR).requests.map((request) =>
      typeof request === 'string' ? request : [request.client, request.method, request.key],
    );
    const client = 'unix:/run/r.sock';
    expect(requests).toEqual([
      [client, 'SET', 'a "q" b'],
      [client, 'GET', 'a "q" b'],
      [client, 'MGET', 'x'],
      [client, 'MGET', 'ü\\n'],
      ['[::1]:6379', 'SELECT', '1:1'],
      ['[::1]:6379', 'GET', '1:x'],
      [client, 'DEL', 'x'],
      [client, 'DEL', 'y'],
      [client, 'PING', 'PING'],
      ['lua', 'GET', 'x'],
      'no command of Redis',
    ]);
  });
});

describe('HAProxy', () => {
  const line = (request: string, status = '200') =>
    `h haproxy[1]: [::1]:33 [06/Feb/2009:12:14:14.655] in~ b/<NOSRV> -1/-1/-1/-1/+8 ${status} +212 - - PR-- 1/1/0/0/0 0/0 ${request}`;
  const [seconds, client] = [Date.UTC(2009, 1, 6, 12, 14, 14, 655) / 1000, '[::1]'];

  test('tells what went wrong before a request was one', () => {
    const lines = [
      line('"GET /a HTTP/1.1"', '-1'),
      line('"<BADREQ>"'),
      line('"GET /long'),
      'started',
    ];
    expect(requestsIn(lines.join('\n')).requests).toEqual([
      { key: '/a', seconds, client, method: 'GET', size: 212 },
      ...['no method, path and protocol', 'no method, path and protocol', 'no request of HTTP'],
    ]);
  });
});

describe('AWS and W3C', () => {
  test('a load balancer logs requests that were none', () => {
    const line =
      'http 2026-01-12T08:00:01.250000Z app/shop/50 203.0.113.7:2817 - -1 -1 -1 400 - 0 0 "- http://shop.example.com:80- -" "-" - -';
    expect(requestsIn(line).requests).toEqual(['no method, path and protocol']);
  });

  test('fields can change in the middle, and IIS separates them by spaces', () => {
    const iis = [
      '#Software: Microsoft Internet Information Services 10.0',
      '#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port c-ip sc-status',
      '2026-01-12 08:00:01 10.0.0.1 GET /a id=1 80 203.0.113.7 200',
      '2026-01-12 08:00:02 10.0.0.1 GET',
      '#Fields: date time cs-uri-stem cs-method',
      '2026-01-12 08:00:03 /b POST',
    ];
    expect(requestsIn(iis.join('\n')).requests).toEqual([
      { key: '/a?id=1', seconds: EIGHT + 1, client: '203.0.113.7', method: 'GET', status: 200 },
      'another number of fields than #Fields',
      { key: '/b', seconds: EIGHT + 3, client: '-', method: 'POST' },
    ]);
    expect(() => requestsIn('#Fields: date time c-ip\na b c')).toThrow('have no cs-uri-stem');
  });
});

describe('any text', () => {
  test('has its key and its time where patterns find them', () => {
    const patterns = { keyFrom: /user=(\d+)/, timeFrom: /^(\S+ \S+)/ };
    const { format, requests } = sample('worker.txt', patterns);
    expect([format, requests]).toEqual([
      'text',
      [
        { key: '7', seconds: EIGHT + 3601.25 },
        { key: '7', seconds: EIGHT + 3603.5 },
      ],
    ]);
    expect(requestsIn('user=1\n2026-01-12 09:00 nobody', patterns).requests).toEqual([
      ...['no match for --time-from', 'no match for --key-from'],
    ]);
  });

  test('a pattern takes the key, all else is where the format has it', () => {
    const { requests } = sample('access.log', { keyFrom: /users\/(\d+)/ });
    expect(requests[0]).toEqual({ ...twoRequests(WHOLE_SECONDS)[0], key: '7' });
    const mget = '1.5 [0 lua] "mget" "a:1" "b:2"';
    expect(requestsIn(mget, { keyFrom: /"(\w):/ }).requests).toEqual([
      { key: 'a', seconds: 1.5, client: 'lua', method: 'MGET' },
    ]);
    const odd = 'h - - [12/Jan/2026:09:00:01 +0100] "-" 408 0';
    const keyFrom = /^(\S+)/;
    expect(requestsIn(odd, { keyFrom }).requests).toEqual([
      { key: 'h', client: 'h', seconds: EIGHT + 1 },
    ]);
    expect(sample('caddy.log', { keyFrom: /"ts":(\d+)/ }).requests[0]).toMatchObject({
      key: '1768204801',
    });
    expect(requestsIn('{"a":"7"}', { keyFrom: /"(\d)"/ })).toMatchObject({
      requests: [{ key: '7' }],
    });
  });
});

describe('what no format plainly is, is refused', () => {
  test.each([
    ['time,obj\n1,a\n2,b', 'time,obj', '--key-field'],
    ['1,a\n2,b\n1,a', '1,a', 'its number'],
    ['a\tb\na\tb', String.raw`a\tb`, '--key-field'],
    ['a;b\na;b', 'a;b', '--key-field'],
    ['GET /a\nGET /a', 'GET /a', '--format keys'],
    ['"a"\n"a"', '"a"', "--key-from 'REGEX'"],
    ['[a]\n[a]', '[a]', "--time-from 'REGEX'"],
    ['<166>1 2026-01-12T08:00:01Z h app - - - GET /a', '<166>1 2026', 'lab/simulate/README.md'],
    ['{"a":1', '{"a":1', '--format keys'],
  ])('%j', (text, shown, remedy) => {
    expect(() => requestsIn(text)).toThrow(`trace.log is not understood. Its first line: ${shown}`);
    expect(() => requestsIn(text)).toThrow(
      expect.objectContaining({ remedy: expect.stringContaining(remedy), exitCode: 2 }),
    );
  });

  test('with no more than 200 characters of its first line, control characters visible', () => {
    const line = `a\u001b[31m \u0085${'ü'.repeat(300)}`;
    const keys = () => requestsIn(line.replace('\u001b', ''), { format: 'csv' });
    expect(keys).toThrow(/: a\[31m \\x85ü{190} …$/);
    expect(() => requestsIn(line)).toThrow(/control characters.*: a\\x1b\[31m \\x85ü{186} …$/);
  });
});
