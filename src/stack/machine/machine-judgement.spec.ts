import { describe, expect, it } from 'vitest';
import { judgeMachine, packageUsers, type MachineFacts } from './machine-judgement.js';
import { enginePackages } from './packages.js';

const sound: MachineFacts = {
  dataDir: '/var/lib/livery/0a1b2c3d',
  isRoot: true,
  hasApt: true,
  missing: [],
  hasPostgres: true,
  hasUser: (name) => (packageUsers as readonly string[]).includes(name),
  engineVersions: { postfix: '3.7.11', dovecot: '2.3.19.1', rspamd: '3.4' },
  freeBytes: 80 * 1024 ** 3,
  closedFolder: null,
  unusable: [],
};
const problems = (changed: Partial<MachineFacts>) => judgeMachine({ ...sound, ...changed });

describe('judging a machine', () => {
  it('finds nothing wrong with a sound one, nor with packages it may install', () => {
    expect(problems({})).toEqual([]);
    expect(problems({ missing: enginePackages, hasPostgres: false, hasUser: () => false })).toEqual([]);
  });

  it('shows a page with every missing package when we are not root', () => {
    const [page, privilege] = problems({ missing: enginePackages, isRoot: false });
    for (const { name } of enginePackages) expect(page).toContain(name);
    expect(page).toContain('as root');
    expect(page).toContain('apt-get install --no-install-recommends postgresql redis-server');
    expect(privilege).toMatch(/Run this as root/);
  });

  it('shows the page where there is no apt, even to root', () => {
    expect(problems({ missing: enginePackages, hasApt: false })[0]).toMatch(/no apt/);
  });

  it.each([
    [{ hasUser: (name: string) => name !== 'postgres' }, /no system user "postgres"/],
    [{ freeBytes: 1024 ** 3 }, /Only 1\.0 GiB are free at \/var\/lib\/livery/],
    [{ closedFolder: '/root' }, /\/root cannot be entered.*LIVERY_DATA/],
    [{ hasPostgres: false }, /older than 15/],
    [{ engineVersions: { postfix: '3.7.11', dovecot: '2.4.1', rspamd: '3.4' } }, /Dovecot 2\.4\.1/],
    [
      { unusable: [{ address: '127.0.0.1', port: 20_432, what: 'Postgres', state: 'taken' as const }] },
      /Port 20432 on 127\.0\.0\.1 \(Postgres\) is taken.*LIVERY_PORT_BASE/,
    ],
    [
      { unusable: [{ address: '127.87.1.1', port: 53, what: 'the DNS sandbox', state: 'taken' as const }] },
      /LIVERY_SANDBOX_ADDRESS/,
    ],
  ])('says one sentence about each thing that is wrong: %#', (changed, sentence) => {
    const found = problems(changed);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(sentence);
  });
});
