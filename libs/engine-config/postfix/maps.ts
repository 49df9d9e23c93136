import { enginePaths, publicFile } from '../paths.js';
import type { EngineSettings, RenderedFile } from '../settings.js';
import { NOTICE_SUFFIX } from './main.js';

const NO_SUCH_ADDRESS = '550 5.1.1 There is no mailbox at this address.';
const NOT_RECEIVING = '550 5.2.1 This mailbox does not accept mail at the moment.';
const NOT_SENDING = '550 5.7.1 Sending is switched off for this mailbox.';

// A lookup join with the domain keeps an address without effect once its domain is gone from the file.
const DOMAINS = `select 'domain' from domain where name = lower('%s')`;

const MAILBOXES = `select 'mailbox' from mailbox m join domain d on d.id = m.domain_id
  where m.address = lower('%s')`;

// Holds a row for every primary address too: otherwise a catch-all would take the mail of its neighbours.
const ALIASES = `select a.target from address a join domain d on d.id = a.domain_id
  where a.address = lower('%s') and a.receives = 1`;

const SENDERS = `select a.target from address a join domain d on d.id = a.domain_id
  where a.address = lower('%s') and a.sends = 1`;

const NOTICE_RECIPIENTS = `select a.target || '${NOTICE_SUFFIX}' from address a
  join domain d on d.id = a.domain_id where a.address = lower('%s')`;

/** The first level that is off, in the order tenant, domain, mailbox, gives the reply. */
function strictest(column: 'may_send' | 'may_receive', refusal: string, fallback: string): string {
  return ['tenant_of_domain', 'tenant_of_mailbox', 'd', 'm']
    .map((level) => `when ${level}.${column} = 0 then coalesce(${level}.${refusal}, '${fallback}')`)
    .join('\n    ');
}

// The plain local part is cut at "+" here, so that user+tag never falls through to the catch-all's row.
const RECIPIENT_REFUSALS = `with asked (local_part, domain) as (select
    lower(case instr('%u', '+') when 0 then '%u' else substr('%u', 1, instr('%u', '+') - 1) end), lower('%d')),
  answer (reply) as (select case
    ${strictest('may_receive', 'receive_refusal', NOT_RECEIVING)}
    when exact.receives = 0 then '${NO_SUCH_ADDRESS}' end
    from asked join domain d on d.name = asked.domain
    left join address exact on exact.address = asked.local_part || '@' || asked.domain
    left join address catch_all on catch_all.address = '@' || asked.domain
    left join mailbox m on m.id = coalesce(exact.mailbox_id, catch_all.mailbox_id)
    left join tenant tenant_of_domain on tenant_of_domain.id = d.tenant_id
    left join tenant tenant_of_mailbox on tenant_of_mailbox.id = m.tenant_id)
  select reply from answer where reply is not null`;

const SEND_REFUSALS = `with answer (reply) as (select case
    ${strictest('may_send', 'send_refusal', NOT_SENDING)} end
    from address a join domain d on d.id = a.domain_id
    join mailbox m on m.id = a.mailbox_id
    left join tenant tenant_of_domain on tenant_of_domain.id = d.tenant_id
    left join tenant tenant_of_mailbox on tenant_of_mailbox.id = m.tenant_id
    where a.address = lower('%s'))
  select reply from answer where reply is not null`;

/** The lookup tables of Postfix, all over the route file of the directory. */
export function renderPostfixMaps(settings: EngineSettings): RenderedFile[] {
  const paths = enginePaths(settings);
  const tables = {
    domains: DOMAINS,
    mailboxes: MAILBOXES,
    aliases: ALIASES,
    senders: SENDERS,
    'recipient-refusals': RECIPIENT_REFUSALS,
    'send-refusals': SEND_REFUSALS,
    'notice-recipients': NOTICE_RECIPIENTS,
  };
  return Object.entries(tables).map(([name, query]) =>
    publicFile(`${paths.postfixEtc}/maps/${name}.cf`, `dbpath = ${paths.routeFile}\nquery = ${query}\n`),
  );
}

/** Pattern tables and the files that chrooted daemons look for under the queue folder. */
export function renderPostfixTables(settings: EngineSettings): RenderedFile[] {
  const paths = enginePaths(settings);
  const etc = paths.postfixEtc;
  const suffix = NOTICE_SUFFIX.replaceAll('.', '\\.');
  const notices = `lmtp-notices:inet:${settings.internalAddress}:${settings.ports.lmtpNotices}`;
  const resolvers = settings.resolverAddresses.map((address) => `nameserver ${address}\n`).join('');
  return [
    publicFile(`${etc}/notice-transport.regexp`, `/${suffix}$/ ${notices}\n`),
    publicFile(`${etc}/notice-recipients.regexp`, `/^(.*)${suffix}$/ $1\n`),
    publicFile(`${etc}/lmtp-status.regexp`, `/^5\\.1\\.1(.*)/ 4.1.1$1\n`),
    publicFile(`${paths.postfixSpool}/etc/resolv.conf`, `${resolvers}options timeout:2 attempts:2\n`),
    // Postfix 3.5 has no known_tcp_ports: there this file names the port outgoing mail connects to.
    publicFile(`${paths.postfixSpool}/etc/services`, `smtp ${settings.outboundSmtpPort}/tcp\nlmtp 24/tcp\n`),
    publicFile(`${paths.postfixSpool}/etc/hosts`, `127.0.0.1 localhost\n`),
  ];
}
