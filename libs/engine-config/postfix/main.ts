import { enginePaths } from '../paths.js';
import type { EngineSettings } from '../settings.js';

/** Suffix that marks a recipient of system mail between cleanup and delivery; it never leaves the node. */
export const NOTICE_SUFFIX = '.notices.internal';

/** main.cf: what all services of the node have in common. */
export function renderPostfixMain(settings: EngineSettings): string {
  return [
    instance(settings),
    network(settings),
    lookups(settings),
    limits(settings),
    reception(settings),
    encryption(settings),
    filtering(settings),
    delivery(settings),
  ].join('\n');
}

function instance(settings: EngineSettings): string {
  const paths = enginePaths(settings);
  const { accounts } = settings;
  // Level 2 is the newest that Postfix 3.5 can read; what later levels change is set below by name.
  return `compatibility_level = 2
queue_directory = ${paths.postfixSpool}
data_directory = ${paths.postfixState}
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
shlib_directory = /usr/lib/postfix
meta_directory = /etc/postfix
mail_owner = ${accounts.postfixUser}
setgid_group = ${accounts.postdropGroup}
syslog_name = postfix
maillog_file = ${paths.mailLog}
maillog_file_prefixes = ${paths.log}
enable_long_queue_ids = yes
service_throttle_time = 1s
notify_classes =
`;
}

function network(settings: EngineSettings): string {
  const wildcard = settings.listenAddress === '0.0.0.0' || settings.listenAddress === '::';
  const interfaces = wildcard
    ? 'all'
    : [...new Set([settings.listenAddress, settings.internalAddress])].join(', ');
  const source = settings.outboundAddress === null ? '' : `smtp_bind_address = ${settings.outboundAddress}\n`;
  const port = settings.outboundSmtpPort;
  return `myhostname = ${settings.mailHostName}
mydestination =
mynetworks =
inet_interfaces = ${interfaces}
inet_protocols = ${settings.ipFamilies}
smtp_host_lookup = dns
known_tcp_ports = lmtp=24, smtp=${port}, smtps=465, submissions=465, submission=587
alias_maps =
alias_database =
local_recipient_maps =
local_transport = error:5.1.1 no local delivery
relay_domains =
smtpd_authorized_xclient_hosts = ${settings.xclientHosts.join(', ')}
${source}`;
}

function lookups(settings: EngineSettings): string {
  const maps = `proxy:sqlite:${enginePaths(settings).postfixEtc}/maps`;
  // Plain sqlite: fails in chrooted daemons, the -wal and -shm files are opened after the chroot.
  return `maps = ${maps}
virtual_mailbox_domains = $maps/domains.cf
virtual_mailbox_maps = $maps/mailboxes.cf
virtual_alias_maps = $maps/aliases.cf
virtual_alias_domains =
smtpd_sender_login_maps = $maps/senders.cf
proxy_read_maps = $virtual_mailbox_domains $virtual_mailbox_maps $virtual_alias_maps $smtpd_sender_login_maps
  $maps/recipient-refusals.cf $maps/send-refusals.cf $maps/notice-recipients.cf
recipient_delimiter = +
`;
}

function limits(settings: EngineSettings): string {
  // What came while the mail store was away is tried again within a minute and a half.
  return `message_size_limit = ${settings.messageSizeBytes}
mailbox_size_limit = 0
virtual_mailbox_limit = 0
header_size_limit = 102400
smtpd_recipient_limit = 200
smtpd_hard_error_limit = 20
default_process_limit = 200
in_flow_delay = 0
maximal_queue_lifetime = 5d
bounce_queue_lifetime = 1d
minimal_backoff_time = 60s
maximal_backoff_time = 1h
queue_run_delay = 30s
`;
}

function reception(settings: EngineSettings): string {
  const quota = `${settings.internalAddress}:${settings.ports.quotaStatus}`;
  // Without SMTPUTF8: the store's LMTP has none, such mail would be taken and then returned.
  // 5.1.1 from the store means its directory lags behind Postfix's: keep the mail and ask again.
  return `smtpd_banner = $myhostname ESMTP
smtpd_helo_required = yes
disable_vrfy_command = yes
smtpd_discard_ehlo_keywords = etrn, silent-discard
smtputf8_enable = no
strict_rfc821_envelopes = yes
local_header_rewrite_clients =
show_user_unknown_table_name = no
smtpd_forbid_bare_newline = normalize
smtpd_forbid_bare_newline_exclusions =
smtpd_data_restrictions = reject_unauth_pipelining
smtpd_relay_before_recipient_restrictions = yes
smtpd_relay_restrictions = reject_unauth_destination
smtpd_recipient_restrictions = reject_non_fqdn_recipient,
  check_recipient_access $maps/recipient-refusals.cf,
  reject_unlisted_recipient,
  ${policyService(settings)},
  check_policy_service { inet:${quota}, default_action=DUNNO, timeout=3s, try_limit=1 }
smtpd_sender_restrictions = reject_non_fqdn_sender, reject_unknown_sender_domain
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:${settings.internalAddress}:${settings.ports.sasl}
smtpd_sasl_auth_enable = no
smtpd_sasl_security_options = noanonymous
smtpd_sasl_authenticated_header = no
`;
}

/** The hook to our policy process; a dead or slow one lets the mail through. */
export function policyService(settings: EngineSettings): string {
  const address = `${settings.internalAddress}:${settings.ports.policy}`;
  return `check_policy_service { inet:${address}, default_action=DUNNO, timeout=2s, try_limit=1 }`;
}

function encryption(settings: EngineSettings): string {
  return `smtpd_tls_chain_files = ${settings.tls.keyFile}, ${settings.tls.certFile}
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_tls_mandatory_protocols = !SSLv2, !SSLv3, !TLSv1, !TLSv1.1
smtpd_tls_loglevel = 1
smtpd_tls_received_header = yes
smtp_tls_security_level = may
smtp_tls_loglevel = 1
smtp_tls_fingerprint_digest = sha256
smtpd_tls_fingerprint_digest = sha256
lmtp_tls_fingerprint_digest = sha256
`;
}

function filtering(settings: EngineSettings): string {
  // Never "accept": it lets mail out unsigned and in unscanned while the filter is away.
  return `smtpd_milters = inet:${settings.internalAddress}:${settings.ports.rspamdMilter}
non_smtpd_milters =
milter_default_action = tempfail
milter_protocol = 6
milter_macro_daemon_name = $myhostname
`;
}

function delivery(settings: EngineSettings): string {
  const paths = enginePaths(settings);
  // A store that was away for a second would otherwise be left alone for a minute, and all mail for it wait.
  const neverGiveUp = ['lmtp', 'lmtp-notices'].map(
    (transport) => `${transport}_destination_concurrency_failed_cohort_limit = 0`,
  );
  return `virtual_transport = lmtp:inet:${settings.internalAddress}:${settings.ports.lmtp}
transport_maps = regexp:${paths.postfixEtc}/notice-transport.regexp
lmtp_delivery_status_filter = regexp:${paths.postfixEtc}/lmtp-status.regexp
lmtp_send_xforward_command = no
${neverGiveUp.join('\n')}
smtp_destination_concurrency_limit = 20
`;
}
