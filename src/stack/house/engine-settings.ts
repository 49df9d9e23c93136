import path from 'node:path';
import type { EngineSettings } from '#libs/engine-config';
import type { StackSettings } from '../settings.js';

const MEGABYTE = 1024 * 1024;
const MESSAGE_SIZE_BYTES = 50 * MEGABYTE;

/** The one engine node of a stack, with every role on it. */
export const stackEngine = (settings: StackSettings): EngineSettings => {
  const { ports, secrets, dns } = settings;
  return {
    rootFolder: settings.dataDir,
    nodeName: 'node-1',
    mailHostName: 'mx.mailzone.fjordnet.example',
    listenAddress: '127.0.0.1',
    internalAddress: '127.0.0.1',
    outboundAddress: null,
    ipFamilies: 'ipv4',
    ports,
    outboundSmtpPort: 25,
    resolverAddresses: [dns.address],
    tls: { certFile: settings.tls.certFile, keyFile: settings.tls.keyFile },
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
    secrets: { doveadmApiKey: secrets.doveadmApiKey, rspamdPassword: secrets.rspamdPassword },
    redis: {
      host: settings.redis.host,
      port: settings.redis.port,
      database: 1,
      password: settings.redis.password,
    },
    // Mail in the sandbox comes from loopback; a test may say it came from elsewhere.
    xclientHosts: ['127.0.0.1'],
    messageSizeBytes: MESSAGE_SIZE_BYTES,
    antivirus: true,
    greylisting: false,
    filterThresholds: { junk: 6, reject: 15 },
    signInFailureDelaySeconds: 1,
  };
};

export const engineSettingsFile = (settings: StackSettings): string =>
  path.join(settings.dataDir, 'secrets', 'engine.json');
