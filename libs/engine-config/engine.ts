import { renderClamav } from './clamav/clamav.js';
import { renderAuthQueries } from './dovecot/auth.js';
import { renderCounters } from './dovecot/mail.js';
import { renderDovecotMain } from './dovecot/main.js';
import { renderSieve } from './dovecot/sieve.js';
import { enginePaths, publicFile, secretFile } from './paths.js';
import { renderPostfixMain } from './postfix/main.js';
import { renderPostfixMaps, renderPostfixTables } from './postfix/maps.js';
import { renderPostfixMaster } from './postfix/master.js';
import { renderRspamdModules } from './rspamd/modules.js';
import { renderOutboundRules } from './rspamd/outbound-rules.js';
import { renderRspamdWorkers } from './rspamd/workers.js';
import type { EngineSettings, RenderedFile } from './settings.js';

/** Every configuration file of one node. The folders they lie in come from `engineFolders`. */
export function renderEngine(settings: EngineSettings): RenderedFile[] {
  const paths = enginePaths(settings);
  return [
    publicFile(`${paths.postfixEtc}/main.cf`, renderPostfixMain(settings)),
    publicFile(`${paths.postfixEtc}/master.cf`, renderPostfixMaster(settings)),
    ...renderPostfixMaps(settings),
    ...renderPostfixTables(settings),
    secretFile(`${paths.dovecotEtc}/dovecot.conf`, renderDovecotMain(settings)),
    ...renderAuthQueries(settings),
    renderCounters(settings),
    ...renderSieve(settings),
    publicFile(`${paths.rspamdEtc}/rspamd.local.lua`, renderOutboundRules(settings)),
    ...renderRspamdWorkers(settings),
    ...renderRspamdModules(settings),
    ...(settings.antivirus ? renderClamav(settings) : []),
  ];
}
