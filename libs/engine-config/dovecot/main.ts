import { enginePaths } from '../paths.js';
import type { EngineSettings } from '../settings.js';
import { renderAuth } from './auth.js';
import { renderMailStore } from './mail.js';
import { renderServices } from './services.js';

/** dovecot.conf, whole. It holds the doveadm key and is for root alone. */
export function renderDovecotMain(settings: EngineSettings): string {
  return [
    instance(settings),
    renderAuth(settings),
    renderServices(settings),
    renderMailStore(settings),
    protocols(settings),
  ].join('\n');
}

function instance(settings: EngineSettings): string {
  const paths = enginePaths(settings);
  return `instance_name = ${settings.nodeName}
base_dir = ${paths.dovecotRun}
state_dir = ${paths.dovecotState}
log_path = ${paths.log}/dovecot.log
log_timestamp = "%Y-%m-%d %H:%M:%S "
login_greeting = Ready.
protocols = imap pop3 lmtp sieve
listen = ${settings.listenAddress}
hostname = ${settings.mailHostName}
default_internal_user = ${settings.accounts.dovecotUser}
default_internal_group = ${settings.accounts.dovecotGroup}
ssl = required
ssl_cert = <${settings.tls.certFile}
ssl_key = <${settings.tls.keyFile}
ssl_min_protocol = TLSv1.2
disable_plaintext_auth = yes
shutdown_clients = yes
`;
}

function protocols(settings: EngineSettings): string {
  const { internalAddress, ports, mailHostName } = settings;
  return `submission_host = ${internalAddress}:${ports.reinject}
recipient_delimiter = +
lmtp_save_to_detail_mailbox = no
lmtp_add_received_header = no
quota_full_tempfail = yes
postmaster_address = postmaster@${mailHostName}
protocol imap {
  mail_plugins = $mail_plugins imap_quota last_login imap_sieve
  mail_max_userip_connections = 50
  imap_idle_notify_interval = 2 mins
}
protocol pop3 {
  mail_plugins = $mail_plugins last_login
  mail_max_userip_connections = 10
  pop3_uidl_format = %08Xu%08Xv
  pop3_no_flag_updates = yes
}
protocol lmtp {
  mail_plugins = $mail_plugins sieve
}
protocol sieve {
  mail_max_userip_connections = 10
  managesieve_max_line_length = 65536
  managesieve_implementation_string = Sieve
}
`;
}
