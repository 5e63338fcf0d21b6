/*
 * Which room may import from which, and what no file may do. `npm run lint` holds the code against
 * this, type-only imports, tests and benchmarks included; an exception stands in its rule.
 */

/** What runs for a measurement or a check only: no part of what the lab does for its user. */
const TESTS = '[.](test|bench)[.]ts$';
/** Suites and real counterparts that tests and benchmarks share, and the tools of the developer. */
const FOR_TESTS = [
  TESTS,
  '/fixtures/',
  '^server/cache/(contract|django|bench)/',
  '^reports/browser-tests/',
  '^lab/tools/',
];

/**
 * What is started by its path, as a process, a thread or a page's script, or loaded by its name, and
 * so imported by nobody.
 */
const PROGRAMS = [
  '^lab/cli[.]ts$',
  '^lab/commands/\\w+[.]ts$',
  '^lab/tools/[^/]+[.]ts$',
  '^lab/fleet/balancer[.]ts$',
  '^lab/live/save-thread[.]ts$',
  '^lab/fleet/launchers/\\w+[.]ts$',
  '^lab/services/service-guard[.]ts$',
  '^scenarios/curriculum/acts/\\d+-[^/]+[.]ts$',
  '^server/(primary|threads|worker)[.]ts$',
  '^server/cache/backends/\\w+[.]ts$',
  '^server/cache/django/long-run[.]ts$',
  '^server/fixtures/bench-servers[.]ts$',
  '^reports/page/browser/(early|plain|charted|report)[.]ts$',
  '^reports/live/browser/(presenter|audience)[.]tsx$',
];

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'nobody-imports-the-lab',
      comment: 'The lab stands on all the others. What they need of it belongs further down.',
      severity: 'error',
      from: { path: '^(server|scenarios|reports)/' },
      to: { path: '^lab/' },
    },
    {
      name: 'record-is-the-floor',
      comment: 'A saved run must stay readable whatever else changes: its schema knows nothing.',
      severity: 'error',
      from: { path: '^reports/record/' },
      to: { path: '^(server|scenarios|reports)/', pathNot: '^reports/record/' },
    },
    {
      name: 'reports-know-the-record-alone',
      comment:
        'A record is rendered from itself, so an old run shows what was measured then, not what ' +
        'the scenarios and the server say today. The lab hands the curriculum in as data.',
      severity: 'error',
      from: { path: '^reports/' },
      to: { path: '^(server|scenarios)/' },
    },
    {
      name: 'server-knows-itself',
      comment:
        'The server is what is studied: it must run, and be read, without the laboratory. The ' +
        'vocabulary is the one list of names that it shares with the record.',
      severity: 'error',
      from: { path: '^server/' },
      to: {
        path: '^(scenarios|reports)/',
        pathNot: '^reports/record/vocabulary[.]ts$',
      },
    },
    {
      name: 'scenarios-see-record-and-protocol',
      comment:
        'A scenario plans and judges from records. Of the server it knows what any client may know, ' +
        'so that an old record is not judged by the code of today.',
      severity: 'error',
      from: { path: '^scenarios/', pathNot: TESTS },
      to: {
        path: '^(server|reports)/',
        pathNot: ['^reports/record/', '^server/protocol[.]ts$'],
      },
    },
    {
      name: 'scenario-tests-see-the-server',
      comment:
        'Models are held against the real cache. Of the reports, tests too need the record alone.',
      severity: 'error',
      from: { path: `^scenarios/.*${TESTS}` },
      to: { path: '^reports/', pathNot: '^reports/record/' },
    },
    {
      name: 'scenarios-stand-alone',
      comment: 'Each lesson can be read by itself. What two of them need belongs to kit or theory.',
      severity: 'error',
      from: { path: '^scenarios/([^/]+)/', pathNot: ['^scenarios/(kit|theory|curriculum)/'] },
      to: { path: '^scenarios/', pathNot: ['^scenarios/$1/', '^scenarios/(kit|theory)/'] },
    },
    {
      name: 'kit-below-scenarios',
      comment: 'The kit serves every scenario and knows none of them; its tests may try them all.',
      severity: 'error',
      from: { path: '^scenarios/kit/', pathNot: TESTS },
      to: { path: '^scenarios/', pathNot: '^scenarios/(kit|theory)/' },
    },
    {
      name: 'theory-below-kit',
      comment: 'A formula is the same whichever scenario asks: theory computes from numbers alone.',
      severity: 'error',
      from: { path: '^scenarios/theory/' },
      to: { path: '^scenarios/', pathNot: '^scenarios/theory/' },
    },
    {
      name: 'curriculum-is-data',
      comment:
        'Claims, glossary and workshops are texts and lists; the lab brings them to the pages.',
      severity: 'error',
      from: { path: '^scenarios/curriculum/' },
      to: { path: '^scenarios/', pathNot: '^scenarios/(curriculum|kit)/' },
    },
    {
      name: 'cache-is-only-a-cache',
      comment:
        'The cache could be published by itself. It knows of the server nothing at all; what compares ' +
        'it with Django finds a Python as the launcher does.',
      severity: 'error',
      from: { path: '^server/cache/' },
      to: { path: '^server/', pathNot: '^server/(cache/|django/python[.]ts$)' },
    },
    {
      name: 'cache-without-fastify-or-processes',
      comment:
        'The lesson is what happens to a cache that knows nothing of workers. Tests and benchmarks ' +
        'start the real Django and the real services beside it.',
      severity: 'error',
      from: { path: '^server/cache/', pathNot: [TESTS, '^server/cache/(contract|django|bench)/'] },
      to: {
        path: [
          '^(node:)?(cluster|child_process|worker_threads)$',
          'node_modules/(fastify|@fastify)/',
        ],
      },
    },
    {
      name: 'autocannon-in-one-place',
      comment:
        'It loses responses in several ways, and the sender knows how to avoid each. Benchmarks ' +
        'compare with it as it is.',
      severity: 'error',
      from: { pathNot: ['^lab/traffic/sender[.]ts$', '[.]bench[.]ts$'] },
      to: { path: 'node_modules/autocannon/' },
    },
    {
      name: 'no-circles',
      comment: 'Files that need each other are one subject, or hide a third one below them both.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nobody imports and that imports nothing is left over.',
      severity: 'error',
      from: { orphan: true, pathNot: [TESTS, ...PROGRAMS] },
      to: {},
    },
    {
      name: 'no-dead-files',
      comment: 'What only its own test reaches is dead, or waits for a caller that never came.',
      severity: 'error',
      from: { path: PROGRAMS },
      to: {
        path: '^(lab|server|scenarios|reports)/',
        pathNot: [...FOR_TESTS, ...PROGRAMS],
        reachable: false,
      },
    },
    {
      name: 'fixtures-for-tests-only',
      comment: 'Made-up figures must not find their way into a report.',
      severity: 'error',
      from: { pathNot: FOR_TESTS },
      to: { path: FOR_TESTS },
    },
    {
      name: 'development-packages-for-development-only',
      comment: 'An installation without them must run.',
      severity: 'error',
      from: { pathNot: FOR_TESTS },
      to: { dependencyTypes: ['npm-dev'] },
    },
    {
      name: 'packages-are-declared',
      comment: 'What package.json does not name is there by chance, and goes when another leaves.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'] },
    },
    {
      name: 'imports-are-found',
      comment: 'A path that leads nowhere would slip through every other rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^reports/out/' },
    // TypeScript 7 has no interface for other programs. swc reads type-only imports without being told.
    parser: 'swc',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
    skipAnalysisNotInRules: true,
  },
};
