import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { Stryker } from '@stryker-mutator/core';
import { Command } from 'commander';
import { formatValue } from '../../reports/record/format.ts';
import type { Column } from '../../reports/record/table.ts';
import { terminalTable } from '../console/table.ts';

/**
 * `npm run test:mutation`: faults are put into a room's code one at a time, and the room's own tests
 * must notice. A mutant that changes nothing that anybody could see is told so in the code:
 * `// Stryker disable next-line <mutator>: <why nobody could tell>`.
 */

/** What computes or words, and so is mutated; each with the tests that stand outside its folder, or beside its file. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  'scenarios/theory': [],
  'scenarios/kit': [],
  ...Object.fromEntries(
    globSync('scenarios/*/scenario.ts').map((file) => [path.dirname(file), []]),
  ),
  'lab/evidence': [],
  'lab/forecast': [],
  'lab/simulate': ['lab/commands/simulate.test.ts'],
  'lab/console': [],
  'lab/run/warnings.ts': ['lab/run/warnings.test.ts'],
  'lab/run/expectation.ts': ['lab/run/expectation.test.ts'],
  'lab/run/phase-record.ts': ['lab/run/phase-record.test.ts'],
  'reports/record': [],
  'reports/text': [],
  'reports/compare': [],
  'reports/figures': [],
};

/** Tests themselves, and what asks a running fleet and so is tried by real processes. */
const NOT_MUTATED = [
  '!**/*.{test,bench}.ts',
  '!**/fixtures/**',
  '!scenarios/*/{scenario,protocol}.ts',
];

/** Below this share of mutants that were noticed, in percent, a room fails. */
const ENOUGH = 85;

/** For the list of survivors in the browser and as JSON; ignored by git. */
const REPORTS = 'coverage/mutation';

const COLUMNS: Column[] = [
  { label: 'mutated', format: null },
  ...['mutants', 'noticed', 'survived', 'untested', 'excused', 'score', 'time'].map((label) => ({
    label,
    format: 'count' as const,
  })),
];

interface Room {
  readonly name: string;
  /** Globs of the files to mutate. */
  readonly mutate: readonly string[];
  readonly tests: readonly string[];
}

new Command('test:mutation')
  .description(`Mutates code, room by room; fails where tests notice less than ${ENOUGH} %.`)
  .argument('[path...]', `files or folders of ${Object.keys(ROOMS).join(', ')}; default: all rooms`)
  .action(async (paths: string[], _flags, command: Command) => {
    const rooms = (paths.length > 0 ? paths : Object.keys(ROOMS)).map((given) => {
      const room = roomOf(path.relative('', given));
      return room ?? command.error(`error: ${given} is no file or folder of a room; see --help`);
    });
    const rows: (string | number)[][] = [];
    for (const room of rooms) {
      // One whose tests fail as they are says so by itself; the others can still be measured.
      const row = await mutate(room, paths.length > 0).catch(() => [room.name, 'not measured']);
      if (row.length < COLUMNS.length) process.exitCode = 1;
      rows.push(row);
    }
    process.stdout.write(`\n${terminalTable({ columns: COLUMNS, rows })}\n`);
  })
  .parseAsync();

function roomOf(given: string): Room | null {
  const room = Object.keys(ROOMS).find((name) => given === name || given.startsWith(`${name}/`));
  if (room === undefined || !existsSync(given)) return null;
  const isFolder = statSync(given).isDirectory();
  return {
    name: given,
    mutate: [
      isFolder ? `${given}/**/*.ts` : given,
      ...NOT_MUTATED,
      ...judgementIn(isFolder ? `${given}/scenario.ts` : given),
    ],
    tests: [...globSync(`${room}/**/*.test.ts`), ...ROOMS[room]!],
  };
}

/** Of a scenario all but `measure`, which asks a running fleet; members stand apart by empty lines. */
function judgementIn(file: string): string[] {
  if (path.basename(file) !== 'scenario.ts' || !existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  const from = lines.findIndex((line) => /^ {2}(async )?measure\b/.test(line));
  const to = lines.indexOf('', from);
  return [`${file}:1-${from}`, `${file}:${to + 1}-${lines.length}`];
}

/** Mutates one room, and gives its row of the table. */
async function mutate(
  { name, mutate, tests }: Room,
  showSurvivors: boolean,
): Promise<(string | number)[]> {
  // The runners are processes of their own: this is how their configuration learns it.
  process.env.MUTATION_TESTS = tests.join(',');
  const report = `${REPORTS}/${name.replaceAll('/', '-')}`;
  const started = performance.now();
  const mutants = await new Stryker({
    mutate: [...mutate],
    testRunner: 'vitest',
    vitest: { configFile: 'vitest.mutation.config.ts', related: false },
    // There is none of this name: Stryker needs an interface that TypeScript 7 does not have.
    tsconfigFile: 'none.json',
    ignorePatterns: ['/reports/out', '/reports/screenshots'],
    allowEmpty: true,
    cleanTempDir: 'always',
    reporters: ['progress-append-only', 'clear-text', 'html', 'json'],
    clearTextReporter: { reportTests: false, logTests: false, reportMutants: showSurvivors },
    htmlReporter: { fileName: `${report}.html` },
    jsonReporter: { fileName: `${report}.json` },
    thresholds: { high: 95, low: ENOUGH, break: ENOUGH },
  }).runMutationTest();
  return [name, ...figures(mutants), `${Math.round((performance.now() - started) / 1_000)} s`];
}

type Mutant = Awaited<ReturnType<Stryker['runMutationTest']>>[number];

function figures(mutants: readonly Mutant[]): (string | number)[] {
  const counted = (...states: Mutant['status'][]) =>
    mutants.filter(({ status }) => states.includes(status)).length;
  const noticed = counted('Killed', 'Timeout');
  const missed = counted('Survived', 'NoCoverage');
  const all = noticed + missed;
  return [
    all,
    noticed,
    counted('Survived'),
    counted('NoCoverage'),
    counted('Ignored'),
    formatValue(all === 0 ? null : noticed / all, 'percent'),
  ];
}
