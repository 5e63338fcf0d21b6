import { expect, test } from 'vitest';
import { Viewers } from './viewers.ts';

/** A page that takes its messages when the test lets it. */
function page() {
  const taken: string[] = [];
  let ready = () => {};
  const viewer = {
    send(text: string) {
      taken.push(text);
      return new Promise<void>((resolve) => {
        ready = resolve;
      });
    },
  };
  const take = async () => {
    ready();
    await Promise.resolve();
    await Promise.resolve();
  };
  return { viewer, taken, take };
}

test('a slow page gets all there is to show in the place of what it missed, once, and holds nobody up', async () => {
  const viewers = new Viewers();
  const [quick, slow] = [page(), page()];
  for (const { viewer } of [quick, slow]) viewers.add(viewer, 'whole 0');
  let wholes = 0;
  const tell = (n: number) =>
    viewers.tell(`frame ${n}`, () => {
      wholes += 1;
      return `whole ${n}`;
    });
  await quick.take();
  for (const n of [1, 2, 3]) {
    tell(n);
    await quick.take();
  }
  expect(slow.taken).toEqual(['whole 0']);
  await slow.take();
  tell(4);
  await Promise.all([quick.take(), slow.take()]);
  tell(5);
  expect(quick.taken).toEqual(['whole 0', 'frame 1', 'frame 2', 'frame 3', 'frame 4', 'frame 5']);
  expect(slow.taken).toEqual(['whole 0', 'whole 4', 'frame 5']);
  expect(wholes).toBe(1);
});

test('a page that went away, or whose connection broke, costs nothing', async () => {
  const viewers = new Viewers();
  const one = page();
  viewers.add(one.viewer, 'whole');
  viewers.add({ send: () => Promise.reject(new Error('it broke')) }, 'whole');
  await one.take();
  expect(viewers.size).toBe(1);
  viewers.remove(one.viewer);
  viewers.tell('frame', () => 'whole');
  expect(one.taken).toEqual(['whole']);
});
