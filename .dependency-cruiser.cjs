/** The walls of the house. test/golden/boundaries.spec.ts plants a violation of each rule and expects it to be found. */

/** Calls go down this list, events come back up. A room may import the rooms before it. */
const ROOMS = [
  'resellers',
  'brands',
  'plans',
  'tenants',
  'seats',
  'people',
  'api-keys',
  'identity',
  'domains',
  'zones',
  'addresses',
  'mailboxes',
  'app-passwords',
  'notices',
  'mail-events',
];

/** Surfaces hold no rules; nothing imports them, and they do not import each other. */
const SURFACES = ['api-docs', 'command-line', 'stack'];

/** What runs beside the mail engine: it shares the floor and the libraries, not the business. */
const ENGINE_SIDE = ['agent', 'policy'];

const oneOf = (names) => `(${names.join('|')})`;

const callsDown = ROOMS.slice(0, -1).map((room, index) => ({
  name: `calls-go-down-from-${room}`,
  comment:
    'A room that calls up, or sideways, makes a knot. Record an event instead, and let the upper room listen.',
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: `^src/${oneOf(ROOMS.slice(index + 1))}/` },
}));

module.exports = {
  forbidden: [
    ...callsDown,
    {
      name: 'no-circular',
      comment: 'Two files that need each other are one file, or three.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'libs-know-nothing-of-src',
      comment: 'A library could serve another mail product unchanged.',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^(src|migrations|test)/' },
    },
    {
      name: 'libs-without-frameworks',
      comment: 'Libraries are pure: their world comes in as arguments.',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: 'node_modules/(@nestjs|typeorm|express|bullmq|pg)/' },
    },
    {
      name: 'libs-by-front-door',
      comment: 'What a library keeps inside may change any day.',
      severity: 'error',
      from: { path: '^(src|test)/' },
      to: { path: '^libs/[^/]+/(?!index\\.ts$)', pathNot: '^libs/.*\\.spec\\.ts$' },
    },
    {
      name: 'libs-stand-alone',
      comment: 'Only addresses are everybody’s business.',
      severity: 'error',
      from: { path: '^libs/([^/]+)/' },
      to: { path: '^libs/', pathNot: ['^libs/$1/', '^libs/address/', '^libs/directory-file/'] },
    },
    {
      name: 'platform-knows-no-feature',
      comment: 'The floor carries every room and knows none.',
      severity: 'error',
      from: { path: '^src/platform/' },
      to: { path: '^src/(?!platform/)' },
    },
    {
      name: 'neighbours-by-public-suffix',
      comment:
        'Of a neighbour only its module, services, schemas and events are public; its rows are its own.',
      severity: 'error',
      from: { path: `^src/${oneOf(ROOMS)}/` },
      to: {
        path: `^src/${oneOf(ROOMS)}/`,
        pathNot: ['^src/$1/', '\\.(module|service|schemas|events)\\.ts$'],
      },
    },
    {
      name: 'surfaces-are-leaves',
      comment: 'A surface shows; nothing may come to depend on how.',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: `^src/${oneOf(SURFACES)}/`, pathNot: '^src/$1/' },
    },
    {
      name: 'engine-side-apart',
      comment: 'Agent and policy run where the business is not: they must work while it is down.',
      severity: 'error',
      from: { path: `^src/${oneOf(ENGINE_SIDE)}/` },
      to: { path: `^src/${oneOf(ROOMS)}/` },
    },
    {
      name: 'migrations-stand-alone',
      comment: 'A migration tells what happened then; living code would rewrite it.',
      severity: 'error',
      from: { path: '^migrations/' },
      to: { path: '^(src|libs)/' },
    },
    {
      name: 'queues-only-in-platform',
      comment: 'Intent lives in the outbox; a queue that anybody may fill loses it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/platform/(events|schedules)/' },
      to: { path: 'node_modules/bullmq/' },
    },
    {
      name: 'rows-only-through-the-scope',
      comment: 'Whoever holds the pool of connections can leave the scope. Ask TenantDb, or a door.',
      severity: 'error',
      from: { path: `^src/${oneOf(ROOMS)}/` },
      to: { path: ['^src/platform/database/data-source\\.ts$', 'node_modules/pg/'] },
    },
    {
      name: 'no-test-code-in-src',
      comment: 'What only tests need ships with the tests.',
      severity: 'error',
      from: { path: '^(src|libs|migrations)/', pathNot: '\\.spec\\.ts$' },
      to: { path: ['^test/', '\\.spec\\.ts$', 'node_modules/(vitest|fast-check|supertest)/'] },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    enhancedResolveOptions: {
      conditionNames: ['livery-source', 'import', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
};
