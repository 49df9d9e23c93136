import { type EngineVersions, judgeEngineVersions } from '#libs/engine-config';
import type { NeededPackage } from './packages.js';
import { sayUnusable, type UnusableListener } from './taken-ports.js';

export interface MachineFacts {
  readonly dataDir: string;
  readonly isRoot: boolean;
  readonly hasApt: boolean;
  readonly missing: readonly NeededPackage[];
  /** Postgres 15 or later. */
  readonly hasPostgres: boolean;
  readonly hasUser: (name: string) => boolean;
  readonly engineVersions: EngineVersions;
  readonly freeBytes: number;
  /** A folder above the stack's that only its owner may enter. */
  readonly closedFolder: string | null;
  readonly unusable: readonly UnusableListener[];
}

const GIB = 1024 ** 3;
const LEAST_FREE_BYTES = 2 * GIB;

/** Accounts the packages bring. The mail store's own is made by us. */
export const packageUsers = [
  'postgres',
  'redis',
  'postfix',
  'dovecot',
  'dovenull',
  '_rspamd',
  'clamav',
] as const;
export const MAIL_USER = 'vmail';

const canInstall = (facts: MachineFacts): boolean => facts.isRoot && facts.hasApt;

/**
 * What keeps the stack from starting, each as one sentence that says what to do. Missing packages are no problem
 * while we may install them.
 */
export function judgeMachine(facts: MachineFacts): readonly string[] {
  return [
    ...judgePackages(facts),
    ...judgePrivilege(facts),
    ...judgeUsers(facts),
    ...(facts.missing.length > 0 ? [] : judgeEngineVersions(facts.engineVersions)),
    ...judgeFolder(facts),
    // Without root the ports below 1024 are forbidden, and that sentence is said already.
    ...facts.unusable.filter(({ state }) => facts.isRoot || state !== 'forbidden').map(sayUnusable),
  ];
}

function judgePackages(facts: MachineFacts): readonly string[] {
  if (facts.missing.length > 0) return canInstall(facts) ? [] : [renderPage(facts)];
  if (facts.hasPostgres) return [];
  return [
    'Postgres is older than 15 here: install postgresql-15 or later, for example from apt.postgresql.org.',
  ];
}

/** The mail engine changes users while it works, and port 25 of the sandbox belongs to root. */
function judgePrivilege(facts: MachineFacts): readonly string[] {
  return facts.isRoot ? [] : ['Run this as root: the mail engine works under several system users.'];
}

function judgeUsers(facts: MachineFacts): readonly string[] {
  if (facts.missing.length > 0) return [];
  const absent = packageUsers.filter((name) => !facts.hasUser(name));
  const sentences = absent.map((name) => {
    return `There is no system user "${name}": make it with "useradd --system --user-group ${name}".`;
  });
  if (facts.isRoot || facts.hasUser(MAIL_USER)) return sentences;
  return [
    ...sentences,
    `There is no system user "${MAIL_USER}": make it with "${mailUserCommand.join(' ')}".`,
  ];
}

function judgeFolder(facts: MachineFacts): readonly string[] {
  const sentences: string[] = [];
  if (facts.freeBytes < LEAST_FREE_BYTES) {
    const free = (facts.freeBytes / GIB).toFixed(1);
    sentences.push(
      `Only ${free} GiB are free at ${facts.dataDir}: make room for 2 GiB, or choose another folder with LIVERY_DATA.`,
    );
  }
  if (facts.closedFolder !== null) {
    sentences.push(
      `${facts.closedFolder} cannot be entered by other users, the mail engine among them: choose another folder with LIVERY_DATA.`,
    );
  }
  return sentences;
}

export const mailUserCommand: readonly string[] = [
  'useradd',
  '--system',
  '--user-group',
  '--no-create-home',
  '--home-dir=/nonexistent',
  '--shell=/usr/sbin/nologin',
  MAIL_USER,
];

/** What to install by hand, where we may not or cannot. */
function renderPage(facts: MachineFacts): string {
  const width = Math.max(...facts.missing.map(({ name }) => name.length));
  const lines = facts.missing.map(({ name, why }) => `    ${name.padEnd(width)}  ${why}`);
  const names = facts.missing.map(({ name }) => name).join(' ');
  const sentence = facts.hasApt
    ? 'Some programs are missing. Run "npm start" as root and they are installed, or install them yourself:'
    : 'Some programs are missing, and this machine has no apt to install them with. Install these (names as in Debian 12):';
  return [
    sentence,
    '',
    ...lines,
    '',
    '  With apt, as root:',
    '',
    '    echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections',
    `    apt-get install --no-install-recommends ${names}`,
    `    ${mailUserCommand.join(' ')}`,
    '',
    `  The packages bring the system users ${packageUsers.join(', ')}; elsewhere make them too.`,
    '  Their system services are not used: the stack runs private ones on ports of its own.',
  ].join('\n');
}
