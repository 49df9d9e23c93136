import { enginePaths, publicFile } from '../paths.js';
import type { EngineSettings, RenderedFile } from '../settings.js';

/** Where mail lies, its folders, quota, search and filters. */
export function renderMailStore(settings: EngineSettings): string {
  const { accounts } = settings;
  return `mail_uid = ${accounts.mailUser}
mail_gid = ${accounts.mailGroup}
first_valid_uid = 1
last_valid_uid = 0
mail_location = sdbox:~/mail
mail_plugins = quota quota_clone notify mail_log fts fts_xapian
mail_attachment_detection_options = add-flags
${NAMESPACE}dict {
  counters = sqlite:${enginePaths(settings).dovecotEtc}/counters.conf
}
plugin {
${quota(settings)}${FTS_AND_LOG}${sieve(settings)}}
`;
}

const SPECIAL_USE = ['Drafts', 'Junk', 'Sent', 'Trash', 'Archive'];

const NAMESPACE = `namespace inbox {
  inbox = yes
  separator = /
${SPECIAL_USE.map((name) => `  mailbox ${name} {\n    special_use = \\${name}\n    auto = subscribe\n  }\n`).join('')}}
`;

/**
 * A mailbox with room at RCPT takes the message, whose size may not be known then: what was accepted must not wait in
 * the queue for space that may never come. So a mailbox passes its quota by one message at most, and is full from then on.
 */
const quota = (settings: EngineSettings): string => `  quota = count:User quota
  quota_vsizes = yes
  quota_grace = ${settings.messageSizeBytes}B
  quota_status_success = DUNNO
  quota_status_nouser = DUNNO
  quota_status_toolarge = "452 4.2.2 This mailbox has no room for this message."
  quota_status_overquota = "452 4.2.2 This mailbox is full."
  quota_exceeded_message = This mailbox is full.
  quota_clone_dict = proxy::counters
  last_login_dict = proxy::counters
  last_login_key = last-login/%u/%s
`;

const FTS_AND_LOG = `  fts = xapian
  fts_xapian = partial=3 full=20
  fts_autoindex = yes
  fts_autoindex_exclude = \\Junk
  fts_autoindex_exclude2 = \\Trash
  fts_enforced = yes
  mail_log_events = delete undelete expunge copy mailbox_delete mailbox_rename save
  mail_log_fields = uid box msgid size
`;

function sieve(settings: EngineSettings): string {
  const folder = enginePaths(settings).sieve;
  return `  sieve = file:~/sieve;active=~/.dovecot.sieve
  sieve_before = ${folder}/before.sieve
  sieve_plugins = sieve_imapsieve sieve_extprograms
  sieve_extensions = -editheader -enotify -vnd.dovecot.pipe -vnd.dovecot.execute -vnd.dovecot.filter
  sieve_global_extensions = +vnd.dovecot.pipe +vnd.dovecot.environment
  sieve_pipe_bin_dir = ${folder}/bin
  sieve_max_redirects = 4
  sieve_max_script_size = 64K
  sieve_max_actions = 32
  sieve_quota_max_scripts = 20
  sieve_quota_max_storage = 512K
  sieve_redirect_envelope_from = recipient
  sieve_vacation_send_from_recipient = yes
  imapsieve_mailbox1_name = Junk
  imapsieve_mailbox1_causes = COPY APPEND
  imapsieve_mailbox1_before = file:${folder}/learn-spam.sieve
  imapsieve_mailbox2_name = *
  imapsieve_mailbox2_from = Junk
  imapsieve_mailbox2_causes = COPY
  imapsieve_mailbox2_before = file:${folder}/learn-ham.sieve
`;
}

/** The map from Dovecot's counters to the tables of the write-back file. */
export function renderCounters(settings: EngineSettings): RenderedFile {
  const paths = enginePaths(settings);
  return publicFile(
    `${paths.dovecotEtc}/counters.conf`,
    `connect = ${paths.writebackFile}
map {
  pattern = priv/quota/storage
  table = usage
  username_field = username
  value_field = bytes
}
map {
  pattern = priv/quota/messages
  table = usage
  username_field = username
  value_field = messages
}
map {
  pattern = shared/last-login/$user/$service
  table = last_login
  value_field = at
  value_type = uint
  fields {
    username = $user
    service = $service
  }
}
`,
  );
}
