import { describe, expect, it } from 'vitest';
import { renderEngine } from './engine.js';
import { engineFolders } from './folders.js';
import { engineProcesses } from './processes.js';
import type { EngineSettings } from './settings.js';

const settings: EngineSettings = {
  rootFolder: '/srv/node',
  nodeName: 'node-1',
  mailHostName: 'mail.isp.example',
  listenAddress: '0.0.0.0',
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
  tls: { certFile: '/srv/node/tls/mail.crt', keyFile: '/srv/node/tls/mail.key' },
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
  secrets: { doveadmApiKey: 'doveadm-secret', rspamdPassword: 'rspamd-secret' },
  redis: { host: '127.0.0.1', port: 6379, database: 0, password: 'redis-secret' },
  xclientHosts: [],
  messageSizeBytes: 52_428_800,
  antivirus: true,
  greylisting: false,
  filterThresholds: { junk: 6, reject: 15 },
  signInFailureDelaySeconds: 2,
};

function textOf(end: string, changed: Partial<EngineSettings> = {}): string {
  const file = renderEngine({ ...settings, ...changed }).find(({ path }) => path.endsWith(end));
  if (file === undefined) {
    throw new Error(`No file ends with ${end}`);
  }
  return file.text;
}

describe('renderEngine', () => {
  it('puts every file into a folder that engineFolders makes', () => {
    const folders = engineFolders(settings).map(({ path }) => path);
    for (const { path } of renderEngine(settings)) {
      expect(folders).toContain(path.slice(0, path.lastIndexOf('/')));
    }
  });

  it('writes no file twice', () => {
    const written = renderEngine(settings).map(({ path }) => path);
    expect(written).toEqual([...new Set(written)]);
  });

  it('lists parents before their children', () => {
    const seen = ['/srv/node'];
    for (const { path } of engineFolders(settings)) {
      expect(seen).toContain(path.slice(0, path.lastIndexOf('/')));
      seen.push(path);
    }
  });

  it('writes a secret into files of root alone', () => {
    const holders = renderEngine(settings).filter(({ text }) =>
      /doveadm-secret|rspamd-secret|redis-secret/.test(text),
    );
    expect(
      holders.map(({ path, mode, owner }) => `${path.split('/').pop() ?? ''} ${mode.toString(8)} ${owner}`),
    ).toEqual(['dovecot.conf 600 root', 'worker-controller.inc 600 root', 'redis.conf 600 root']);
  });

  it('lets no client claim another address unless a sandbox lists it', () => {
    expect(textOf('main.cf')).toMatch(/^smtpd_authorized_xclient_hosts = *$/m);
    expect(textOf('main.cf', { xclientHosts: ['127.0.0.1'] })).toContain(
      'smtpd_authorized_xclient_hosts = 127.0.0.1\n',
    );
  });

  it('declares every lookup table to proxymap, which refuses the others', () => {
    const main = textOf('main.cf');
    const declared = /^proxy_read_maps = (.*\n(?:[ \t]+.*\n)*)/m.exec(main)?.[1] ?? '';
    for (const used of ['recipient-refusals', 'send-refusals', 'notice-recipients']) {
      expect(declared).toContain(`$maps/${used}.cf`);
    }
  });

  it('leaves out the virus scanner where it is off', () => {
    const off = { ...settings, antivirus: false };
    expect(engineProcesses(off).map(({ name }) => name)).toEqual(['rspamd', 'dovecot', 'postfix']);
    expect(textOf('antivirus.conf', off)).toBe('enabled = false;\n');
    expect(renderEngine(off).some(({ path }) => path.includes('/clamav/'))).toBe(false);
  });
});
