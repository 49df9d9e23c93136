import { enginePaths, publicFile } from '../paths.js';
import type { EngineSettings, RenderedFile } from '../settings.js';

// The characters of RFC 5321 atext but "/" and "%". Dovecot refuses any other name before it looks it up, and on
// LMTP such a refusal is a bounce.
const USERNAME_CHARACTERS =
  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ01234567890.-_@+'&=~!#$*?^{|}`";

/** Sign-in: app password first, then the main password; both from the auth file of the directory. */
export function renderAuth(settings: EngineSettings): string {
  const etc = enginePaths(settings).dovecotEtc;
  // A cached token would outlive its revocation, and the look-up it saves takes under a millisecond.
  return `auth_mechanisms = plain login
auth_username_format = %Lu
auth_username_chars = "${USERNAME_CHARACTERS}"
auth_cache_size = 0
auth_cache_negative_ttl = 0
auth_failure_delay = ${settings.signInFailureDelaySeconds} secs
auth_worker_max_count = 120
passdb {
  name = app-password
  driver = sql
  args = ${etc}/app-password.conf
  result_success = return-ok
  result_failure = continue
  result_internalfail = continue
}
passdb {
  name = main-password
  driver = sql
  args = ${etc}/main-password.conf
}
userdb {
  driver = prefetch
}
userdb {
  driver = sql
  args = ${etc}/main-password.conf
}
`;
}

const LEVELS = `join domain d on d.id = m.domain_id \\
  left join tenant tm on tm.id = m.tenant_id left join tenant td on td.id = d.tenant_id`;

const ALLOWED = `min(coalesce(td.may_sign_in, 1), coalesce(tm.may_sign_in, 1), d.may_sign_in, m.may_sign_in)`;

const REFUSAL = `case when ${ALLOWED} = 1 then null else coalesce( \\
  case when td.may_sign_in = 0 then td.sign_in_refusal end, case when tm.may_sign_in = 0 then tm.sign_in_refusal end, \\
  case when d.may_sign_in = 0 then d.sign_in_refusal end, case when m.may_sign_in = 0 then m.sign_in_refusal end, \\
  'Sign-in to this mailbox is switched off. Please ask your administrator.') end`;

// "nologin" ends a session with the reason once the password was right. Submission has no such step: for it a
// switched-off mailbox has no row at all.
const SIGN_IN = `case when ${ALLOWED} = 1 then null else 'Y' end as nologin, ${REFUSAL} as reason`;
const OPEN_TO_SERVICE = `instr(m.protocols, ',%s,') > 0 and (${ALLOWED} = 1 or '%s' <> 'smtp')`;

/** The SQL of the two password databases and of the user database. */
export function renderAuthQueries(settings: EngineSettings): RenderedFile[] {
  const paths = enginePaths(settings);
  const home = `'${paths.mail}/' || m.home`;
  const quota = `'*:bytes=' || m.quota_bytes`;
  const prefetched = `${home} as userdb_home, ${quota} as userdb_quota_rule`;
  const connect = `driver = sqlite\nconnect = ${paths.authFile}\ndefault_pass_scheme = ARGON2ID\n`;
  // The token itself never reaches the SQL or a log, only its digest does.
  const appPassword = `password_query = select m.address as user, null as password, 'Y' as nopassword, \\
  ${prefetched}, \\
  ${SIGN_IN} \\
  from credential c join mailbox m on m.id = c.mailbox_id ${LEVELS} \\
  where c.sha256 = '%{sha256:password}' and m.address = '%Lu' and instr(c.scopes, ',%s,') > 0 \\
  and ${OPEN_TO_SERVICE}
`;
  const mainPassword = `password_query = select m.address as user, m.password as password, \\
  ${prefetched}, \\
  ${SIGN_IN} \\
  from mailbox m ${LEVELS} \\
  where m.address = '%Lu' and m.password is not null and ${OPEN_TO_SERVICE}
`;
  // Only the question whether a mailbox is full may be asked by an alias, or by a name the catch-all takes: Postfix
  // has replaced both before delivery, so a delivery to either would be a stray one.
  const asked = `coalesce(case '%s' when 'quota-status' then (select a.target from address a \\
  where a.address in ('%Lu', '@%Ld') order by a.address = '%Lu' desc limit 1) end, '%Lu')`;
  // Delivery goes on while sign-in is off, so no switch is asked here.
  const users = `user_query = select m.address as user, ${home} as home, ${quota} as quota_rule from mailbox m \\
  join domain d on d.id = m.domain_id where m.address = ${asked}
iterate_query = select address as user from mailbox
`;
  return [
    publicFile(`${paths.dovecotEtc}/app-password.conf`, connect + appPassword),
    publicFile(`${paths.dovecotEtc}/main-password.conf`, connect + mainPassword + users),
  ];
}
