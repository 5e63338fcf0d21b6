import { expect, test } from 'vitest';
import { LeftOut, parseOnly } from './only.ts';

test.each([
  ['GET 200', ['GET 200'], ['GET 201', 'HEAD 200', 'POST 200']],
  ['GET 2xx', ['GET 200', 'GET 204'], ['GET 304', 'POST 200']],
  ['get 200, HEAD 200', ['GET 200', 'HEAD 200'], ['GET 404']],
  ['GET', ['GET 500', 'GET 200'], ['POST 200']],
  ['2xx,304', ['POST 201', 'GET 304'], ['GET 404', 'GET 300']],
  ['* 404', ['PUT 404'], ['PUT 200']],
  ['all', ['PUT 404', 'X 1'], []],
])('--only %s', (text, counted, leftOut) => {
  const only = parseOnly(text);
  const allows = (request: string) => {
    const [method, status] = request.split(' ');
    return only.allows(method!, Number(status));
  };
  expect(counted.filter((request) => !allows(request))).toEqual([]);
  expect(leftOut.filter(allows)).toEqual([]);
  expect(`${only}`).toBe(text);
});

test('what is not known is no reason to leave a request out', () => {
  const only = parseOnly('GET 200');
  expect([only.allows('', 200), only.allows('GET', 0), only.allows('', 0)]).toEqual([
    true,
    true,
    true,
  ]);
  expect([only.allows('', 404), only.allows('POST', 0)]).toEqual([false, false]);
});

test.each(['', ' ', 'GET,', 'GET 2', 'GET 2xy', '20x', 'GET HEAD', 'GET 200 x'])(
  '--only %j is refused',
  (text) => {
    expect(() => parseOnly(text)).toThrow("it needs methods with a status, e.g. 'GET 2xx'");
  },
);

test('what is left out is told by kind, the most frequent first; strange methods are put together', () => {
  const leftOut = new LeftOut();
  for (const status of [404, 404, 0]) leftOut.add('GET', status);
  leftOut.add('', 500);
  expect(leftOut.most(2)).toEqual([
    ['GET 404', 2],
    ['GET', 1],
  ]);
  for (let i = 0; i < 1000; i++) leftOut.add(`M${i}`, 0);
  expect(leftOut.kinds.size).toBe(51);
  expect(leftOut.most(1)).toEqual([['others', 1000 - 47]]);
  expect(leftOut.requests).toBe(1004);
});
