import { PassThrough, Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { collectedOutput } from '../fixtures/lab.ts';
import { LabError } from './errors.ts';
import { Output } from './output.ts';

test('words go to standard output until that is for a script; notes never do', () => {
  const { output, stdout, stderr } = collectedOutput();
  output.say('4\u00a0workers\u00a0start\n');
  output.note('a note\n');
  output.keepForScript();
  output.say('done\n');
  output.give('{}\n');
  expect(stdout()).toBe('4 workers start\n{}\n');
  expect(stderr()).toBe('a note\ndone\n');
});

test('what a terminal would obey is not passed on to it', () => {
  const { output, stdout } = collectedOutput();
  output.say('a\u001b]0;title\u0007b\u001b[2Jc\u009b31md\u202ee\rf\u0000\n');
  output.give('x,y\r\n\t"ü 你"\n');
  expect(stdout()).toBe(
    'a\ufffd]0;title\ufffdb\ufffd[2Jc\ufffd31md\ufffde\ufffdf\ufffd\nx,y\r\n\t"ü 你"\n',
  );
});

/** A stream whose reader is gone after the first piece. */
function closing(code: string) {
  const pieces: string[] = [];
  const stream = new Writable({
    write(chunk, _, done) {
      pieces.push(String(chunk));
      done(Object.assign(new Error(`write ${code}`), { code }));
    },
  });
  return { stream, pieces };
}

test.each([
  ['EPIPE', 'Standard output was closed before everything was said.'],
  ['ENOSPC', 'Standard output cannot be written: write ENOSPC.'],
])(
  'standard output that ends with %s ends the run, and nothing more is written',
  async (code, said) => {
    const { stream, pieces } = closing(code);
    const output = new Output({ stdout: stream, stderr: new PassThrough() });
    output.say('one');
    await new Promise((resolve) => output.gone.addEventListener('abort', resolve));
    output.say('two');
    await output.flush();
    expect(pieces).toEqual(['one']);
    const reason = output.gone.reason as LabError;
    expect(reason).toBeInstanceOf(LabError);
    expect(reason.message).toBe(said);
    expect(reason.remedy).toBe('What was measured until then is in the record.');
    expect(reason.cause).toMatchObject({ code });
  },
);

test('without a reader of standard error only words are lost', async () => {
  const { stream, pieces } = closing('EPIPE');
  const stdout = new PassThrough();
  const output = new Output({ stdout, stderr: stream });
  const closed = new Promise((resolve) => stream.once('close', resolve));
  output.note('one');
  await closed;
  output.note('two');
  output.say('three');
  await output.flush();
  expect(pieces).toEqual(['one']);
  expect(output.gone.aborted).toBe(false);
  expect(String(stdout.read())).toBe('three');
});
