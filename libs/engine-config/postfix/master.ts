import type { EngineSettings } from '../settings.js';
import { enginePaths } from '../paths.js';
import { policyService } from './main.js';

/** Names the internal ports give the filter instead of the host name; see rspamd/outbound-rules.ts. */
export const INTERNAL_ORIGINS = { reinject: 'origin-reinject', notices: 'origin-notices' } as const;

/** master.cf: the ports and the daemons behind them. Everything that talks to strangers is chrooted. */
export function renderPostfixMaster(settings: EngineSettings): string {
  return [mxService(settings), submissionServices(settings), internalServices(settings), DAEMONS].join('\n');
}

function service(address: string, port: number): string {
  const host = address.includes(':') ? `[${address}]` : address;
  return `${host}:${port} inet n - y - - smtpd`;
}

function mxService(settings: EngineSettings): string {
  return `${service(settings.listenAddress, settings.ports.mx)}
  -o syslog_name=postfix/mx
`;
}

function submissionServices(settings: EngineSettings): string {
  // The null sender is for system mail only, and without an owner the sender check would let it pass.
  const options = `  -o smtpd_sasl_auth_enable=yes
  -o smtpd_tls_security_level=encrypt
  -o smtpd_delay_reject=yes
  -o { smtpd_client_restrictions = permit_sasl_authenticated, reject }
  -o { smtpd_sender_restrictions =
    check_sender_access inline:{{<> = 553 5.7.1 Please send with an address of your own mailbox.}},
    reject_non_fqdn_sender, reject_sender_login_mismatch,
    check_sender_access $maps/send-refusals.cf, check_sasl_access $maps/send-refusals.cf }
  -o { smtpd_relay_restrictions = permit_sasl_authenticated, reject }
  -o { smtpd_recipient_restrictions = reject_non_fqdn_recipient,
    check_recipient_access $maps/recipient-refusals.cf, reject_unlisted_recipient,
    ${policyService(settings)},
    permit_sasl_authenticated, reject }`;
  return `${service(settings.listenAddress, settings.ports.submission)}
  -o syslog_name=postfix/submission
${options}
${service(settings.listenAddress, settings.ports.submissions)}
  -o syslog_name=postfix/submissions
  -o smtpd_tls_wrappermode=yes
${options}
`;
}

function internalServices(settings: EngineSettings): string {
  const paths = enginePaths(settings);
  const local = `  -o smtpd_tls_security_level=none
  -o smtpd_authorized_xclient_hosts=
  -o { mynetworks = 127.0.0.0/8, ${settings.internalAddress} }
  -o { smtpd_client_restrictions = permit_mynetworks, reject }
  -o { smtpd_relay_restrictions = permit_mynetworks, reject }
  -o smtpd_client_connection_count_limit=0`;
  return `${service(settings.internalAddress, settings.ports.reinject)}
  -o syslog_name=postfix/reinject
  -o milter_macro_daemon_name=${INTERNAL_ORIGINS.reinject}
${local}
  -o { smtpd_sender_restrictions = check_sender_access $maps/send-refusals.cf }
  -o { smtpd_recipient_restrictions = check_recipient_access $maps/recipient-refusals.cf,
    reject_unlisted_recipient, permit_mynetworks, reject }
${service(settings.internalAddress, settings.ports.notices)}
  -o syslog_name=postfix/notices
  -o milter_macro_daemon_name=${INTERNAL_ORIGINS.notices}
  -o cleanup_service_name=cleanup-notices
${local}
  -o smtpd_sender_restrictions=
  -o { smtpd_recipient_restrictions = reject_unlisted_recipient, permit_mynetworks, reject }
cleanup-notices unix n - y - 0 cleanup
  -o syslog_name=postfix/notices
  -o virtual_alias_maps=$maps/notice-recipients.cf
lmtp-notices unix - - y - - lmtp
  -o syslog_name=postfix/notices
  -o lmtp_generic_maps=regexp:${paths.postfixEtc}/notice-recipients.regexp
`;
}

const DAEMONS = `pickup unix n - y 60 1 pickup
cleanup unix n - y - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - y 1000? 1 tlsmgr
rewrite unix - - y - - trivial-rewrite
bounce unix - - y - 0 bounce
defer unix - - y - 0 bounce
trace unix - - y - 0 bounce
verify unix - - y - 1 verify
flush unix n - y 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - y - - smtp
relay unix - - y - - smtp
showq unix n - y - - showq
error unix - - y - - error
retry unix - - y - - error
discard unix - - y - - discard
lmtp unix - - y - - lmtp
anvil unix - - y - 1 anvil
scache unix - - y - 1 scache
postlog unix-dgram n - n - 1 postlogd
`;
