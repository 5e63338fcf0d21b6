import { areMostly, type TraceFormat } from '../traced-request.ts';

/** The whole line is the key. */
export const keyPerLine: TraceFormat = {
  name: 'keys',
  about: 'a key per line',
  /**
   * Words alone, without what other formats are made of. Whether they are keys is seen later: keys come
   * again, other lines hardly do.
   */
  recognises(lines) {
    const written = lines.filter((line) => line !== '');
    const areWords = areMostly(written, () => true) && written.every((line) => WORD.test(line));
    return areWords && !written.every((line) => line.includes(','));
  },
  open: () => ({ hasTimes: false, columns: [], read: () => null }),
};

const WORD = /^[^\s"'[\]{};]+$/;

/** Any text whose keys `--key-from` finds. */
export const text: TraceFormat = {
  name: 'text',
  about: 'text',
  recognises: (_, { keyFrom }) => keyFrom instanceof RegExp,
  open: () => ({ hasTimes: false, columns: [], read: () => null }),
};
