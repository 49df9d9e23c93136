import type { EngineSettings } from '../settings.js';

/** The processes of Dovecot, their ports and how often a process is used again. */
export function renderServices(settings: EngineSettings): string {
  return [loginServices(settings), deliveryServices(settings), innerServices(settings)].join('');
}

function listener(name: string, port: number, address: string, tls = false): string {
  return `  inet_listener ${name} {
    address = ${address}
    port = ${port}
    ssl = ${tls ? 'yes' : 'no'}
  }
`;
}

function loginServices(settings: EngineSettings): string {
  const { ports, listenAddress: address } = settings;
  const reuse = `  service_count = 0
  process_min_avail = 1
  client_limit = 2000
`;
  return `service imap-login {
${listener('imap', ports.imap, address)}${listener('imaps', ports.imaps, address, true)}${reuse}}
service pop3-login {
${listener('pop3', ports.pop3, address)}${listener('pop3s', ports.pop3s, address, true)}${reuse}}
service managesieve-login {
${listener('sieve', ports.sieve, address)}${reuse}}
service imap {
  service_count = 200
  process_limit = 2048
}
service pop3 {
  service_count = 200
}
`;
}

function deliveryServices(settings: EngineSettings): string {
  const { ports, internalAddress: address, accounts } = settings;
  // A notice that the mailbox is full must reach that mailbox: its own delivery service knows no quota.
  return `service lmtp {
${listener('lmtp', ports.lmtp, address)}  process_min_avail = 1
}
service lmtp-notices {
  executable = lmtp -o plugin/quota=
  protocol = lmtp
${listener('lmtp-notices', ports.lmtpNotices, address)}}
service quota-status {
  executable = quota-status -p postfix
${listener('quota-status', ports.quotaStatus, address)}  client_limit = 200
}
service indexer-worker {
  user = ${accounts.mailUser}
  vsz_limit = 1G
}
`;
}

function innerServices(settings: EngineSettings): string {
  const { ports, internalAddress: address, accounts, secrets } = settings;
  const mailSocket = `    mode = 0600
    user = ${accounts.mailUser}
`;
  return `service auth {
  unix_listener auth-userdb {
${mailSocket}  }
${listener('sasl', ports.sasl, address)}  client_limit = 8192
  vsz_limit = 1G
}
service auth-worker {
  user = ${accounts.dovecotUser}
  vsz_limit = 1G
}
service anvil {
  # The penalty counts per source address: behind one webmail or one office it would punish everybody.
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service dict {
  # One writer: several would meet SQLite's lock and, before 3.51.3, its WAL-reset defect.
  process_limit = 1
  client_limit = 2000
  unix_listener dict {
${mailSocket}  }
}
service doveadm {
${listener('http', ports.doveadmHttp, address)}}
doveadm_api_key = ${secrets.doveadmApiKey}
`;
}
