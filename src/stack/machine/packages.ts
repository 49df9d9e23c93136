/** A Debian package the stack needs, and how to see that it is there whatever installed it. */
export interface NeededPackage {
  readonly name: string;
  /** Said to a person who installs by hand. */
  readonly why: string;
  /** A file of it; `*` stands for one path component, or the rest of one. */
  readonly sign: string;
  /** The system service it brings: ours is a private one, so a newly installed one is kept from starting at boot. */
  readonly unit?: string;
}

/** What `npm start` runs. */
export const enginePackages: readonly NeededPackage[] = [
  { name: 'postgresql', why: 'the database', sign: '/usr/lib/postgresql/*/bin/initdb', unit: 'postgresql' },
  { name: 'redis-server', why: 'the queue', sign: '/usr/bin/redis-server', unit: 'redis-server' },
  { name: 'postfix', why: 'takes mail in and sends it out', sign: '/usr/sbin/postfix', unit: 'postfix' },
  { name: 'postfix-sqlite', why: 'lets it look up mailboxes', sign: '/usr/lib/postfix/postfix-sqlite.so' },
  { name: 'dovecot-core', why: 'keeps the mailboxes', sign: '/usr/sbin/dovecot', unit: 'dovecot' },
  { name: 'dovecot-imapd', why: 'reading mail over IMAP', sign: '/usr/lib/dovecot/imap' },
  { name: 'dovecot-pop3d', why: 'reading mail over POP3', sign: '/usr/lib/dovecot/pop3' },
  { name: 'dovecot-lmtpd', why: 'delivery into mailboxes', sign: '/usr/lib/dovecot/lmtp' },
  { name: 'dovecot-sieve', why: 'filter rules', sign: '/usr/bin/sievec' },
  { name: 'dovecot-managesieved', why: 'editing filter rules', sign: '/usr/lib/dovecot/managesieve' },
  {
    name: 'dovecot-sqlite',
    why: 'lets it look up mailboxes',
    sign: '/usr/lib/dovecot/modules/auth/libdriver_sqlite.so',
  },
  {
    name: 'dovecot-fts-xapian',
    why: 'fast search in mail programs',
    sign: '/usr/lib/dovecot/modules/*fts_xapian*',
  },
  { name: 'rspamd', why: 'spam and signatures', sign: '/usr/bin/rspamd', unit: 'rspamd' },
  { name: 'clamav-daemon', why: 'viruses', sign: '/usr/sbin/clamd', unit: 'clamav-daemon' },
  {
    name: 'clamav-freshclam',
    why: 'news about viruses',
    sign: '/usr/bin/freshclam',
    unit: 'clamav-freshclam',
  },
  { name: 'curl', why: 'reads the first message back', sign: '/usr/bin/curl' },
  {
    name: 'ca-certificates',
    why: 'certificates of the real Internet',
    sign: '/usr/sbin/update-ca-certificates',
  },
];

/** What `npm test` needs besides. */
const testPackages: readonly NeededPackage[] = [
  { name: 'swaks', why: 'sends test mail', sign: '/usr/bin/swaks' },
  { name: 'libnet-ssleay-perl', why: 'lets it speak TLS', sign: '/usr/lib/*/perl5/*/Net/SSLeay.pm' },
  { name: 'isync', why: 'a second IMAP client', sign: '/usr/bin/mbsync' },
];

export type Purpose = 'start' | 'test';

export const packagesFor = (purpose: Purpose): readonly NeededPackage[] =>
  purpose === 'test' ? [...enginePackages, ...testPackages] : enginePackages;
