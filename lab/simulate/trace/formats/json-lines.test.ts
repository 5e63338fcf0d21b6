import { describe, expect, test } from 'vitest';
import { GUIDE_SAMPLES } from '../../fixtures/guide.ts';
import { requestsIn } from '../fixtures/requests.ts';

/** 12 January 2026, 8:00:00 UTC. */
const EIGHT = Date.UTC(2026, 0, 12, 8) / 1000;

describe('JSON', () => {
  const FASTIFY = [
    '{"level":30,"time":1768204801250,"reqId":"req-1","req":{"method":"GET","url":"/a","host":"h","remoteAddress":"::1","remotePort":1},"msg":"incoming request"}',
    '{"level":30,"time":1768204801260,"reqId":"req-1","res":{"statusCode":200},"responseTime":3.5,"msg":"request completed"}',
    '{"level":30,"time":1768204801270,"msg":"something else"}',
  ];

  test('of Fastify has lines without a URL', () => {
    expect(requestsIn(FASTIFY.join('\n')).requests).toEqual([
      { key: '/a', seconds: EIGHT + 1.25, client: '::1', method: 'GET' },
      ...['no req.url', 'no req.url'],
    ]);
  });

  test('of an older Caddy has its remote_ip; of nginx, the names that people give', () => {
    const caddy =
      '{"ts":5,"request":{"remote_ip":"10.0.0.1","method":"GET","uri":"/ü"},"status":200}';
    expect(requestsIn(caddy).requests).toEqual([
      { key: '/ü', seconds: 5, client: '10.0.0.1', method: 'GET', status: 200 },
    ]);
    const nginx =
      '{"@timestamp":"2026-01-12T09:00:01+01:00","remote_addr":"10.0.0.1","request":"GET /a?b HTTP/1.1","status":"200","body_bytes_sent":"7"}';
    expect(requestsIn(nginx).requests).toEqual([
      { key: '/a?b', seconds: EIGHT + 1, client: '10.0.0.1', method: 'GET', status: 200, size: 7 },
    ]);
  });

  test('has fields that are named, nested or with a dot in their name', () => {
    const fields = { key: 'http.target', time: 'at', method: 'http.verb', status: 'http.code' };
    const request = { key: '/users/7', method: 'GET', status: 200 };
    expect(requestsIn(GUIDE_SAMPLES.get('app.log')!, { fields }).requests).toEqual([
      { ...request, seconds: EIGHT + 1.25 },
      { ...request, seconds: EIGHT + 3.5 },
    ]);
    const flat = '{"url.path":"/a","n":1}';
    expect(requestsIn(flat, { fields: { key: 'url.path' } }).requests).toEqual([{ key: '/a' }]);
    expect(requestsIn('{"key":"a"}\n{"key":').requests).toEqual([
      { key: 'a' },
      'no object of JSON',
    ]);
    expect(requestsIn('{"key":"a","time":1}\n{"key":"b"}').requests[1]).toBe('no time');
  });

  test('is refused with the names of its fields where none is known for a key', () => {
    const line = '{"level":"info","path":"/var/lib","http":{"target":"/a"}}';
    expect(() => requestsIn(line)).toThrow('trace.log is JSON, and none of its fields is known');
    const remedy = expect.stringContaining('There are: level, path, http.target.');
    expect(() => requestsIn(line)).toThrow(expect.objectContaining({ remedy }));
    const wrong = () => requestsIn(line, { fields: { key: 'uri' } });
    expect(wrong).toThrow('has no field "uri"');
    expect(wrong).toThrow(expect.objectContaining({ remedy }));
  });
});
