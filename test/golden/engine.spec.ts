import { describe, expect, it } from 'vitest';
import {
  engineFolders,
  engineProcesses,
  prepareCommands,
  reloadCommands,
  renderEngine,
  testSignatures,
  type EngineSettings,
} from '#libs/engine-config';

const settings: EngineSettings = {
  rootFolder: '/srv/mail',
  nodeName: 'node-1',
  mailHostName: 'mail.fjordnet.example',
  listenAddress: '192.0.2.25',
  internalAddress: '127.0.0.1',
  outboundAddress: null,
  ipFamilies: 'ipv4',
  ports: {
    mx: 25,
    submission: 587,
    submissions: 465,
    imap: 143,
    imaps: 993,
    pop3: 110,
    pop3s: 995,
    sieve: 4190,
    reinject: 10026,
    notices: 10027,
    lmtp: 10024,
    lmtpNotices: 10028,
    sasl: 10030,
    quotaStatus: 10031,
    policy: 10032,
    doveadmHttp: 10033,
    rspamdMilter: 11332,
    rspamdController: 11334,
  },
  outboundSmtpPort: 25,
  resolverAddresses: ['127.0.0.53'],
  tls: { certFile: '/srv/mail/tls/mail.crt', keyFile: '/srv/mail/tls/mail.key' },
  accounts: {
    postfixUser: 'postfix',
    postfixGroup: 'postfix',
    postdropGroup: 'postdrop',
    dovecotUser: 'dovecot',
    dovecotGroup: 'dovecot',
    rspamdUser: '_rspamd',
    clamavUser: 'clamav',
    clamavGroup: 'clamav',
    mailUser: 'vmail',
    mailGroup: 'vmail',
  },
  secrets: { doveadmApiKey: 'doveadm-key', rspamdPassword: 'rspamd-password' },
  redis: { host: '127.0.0.1', port: 6379, database: 1, password: 'filter-statistics' },
  xclientHosts: [],
  messageSizeBytes: 52_428_800,
  antivirus: true,
  greylisting: false,
  filterThresholds: { junk: 6, reject: 15 },
  signInFailureDelaySeconds: 2,
};

/** `/srv/mail/engine/postfix/etc/main.cf` is kept as `engine/postfix.etc.main.cf`. */
function goldenName(path: string): string {
  return `./engine/${path.slice('/srv/mail/engine/'.length).replaceAll('/', '.')}`;
}

describe('the configuration of an engine node', () => {
  for (const file of [...renderEngine(settings), ...testSignatures(settings)]) {
    it(`says in ${file.path} what was recorded`, async () => {
      await expect(file.text).toMatchFileSnapshot(goldenName(file.path));
    });
  }

  it('keeps owners, modes, folders and commands as recorded', async () => {
    const access = (entry: { path: string; mode: number; owner: string; group: string }) =>
      `${entry.mode.toString(8).padStart(4, '0')} ${entry.owner}:${entry.group} ${entry.path}`;
    const commands = (list: readonly { command: string; args: readonly string[] }[]) =>
      list.map(({ command, args }) => [command, ...args].join(' '));
    const face = [
      ...engineFolders(settings).map(access),
      '',
      ...renderEngine(settings).map(access),
      '',
      ...commands(prepareCommands(settings)),
      ...commands(engineProcesses(settings)),
      ...commands(reloadCommands(settings)),
    ];
    await expect(`${face.join('\n')}\n`).toMatchFileSnapshot('./engine/access-and-commands.txt');
  });
});
