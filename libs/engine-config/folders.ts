import { enginePaths } from './paths.js';
import type { EngineFolder, EngineSettings } from './settings.js';

/** Folders the daemons need before their first start, parents first. Modes keep each daemon in its own part. */
export function engineFolders(settings: EngineSettings): EngineFolder[] {
  const paths = enginePaths(settings);
  const engine = `${settings.rootFolder}/engine`;
  const root = (path: string, mode = 0o755): EngineFolder => ({ path, mode, owner: 'root', group: 'root' });
  return [
    root(engine),
    root(paths.log),
    ...directoryFolders(settings),
    { path: paths.dkim, mode: 0o2750, owner: 'root', group: settings.accounts.postfixGroup },
    { path: paths.mail, mode: 0o700, owner: settings.accounts.mailUser, group: settings.accounts.mailGroup },
    { path: paths.sieve, mode: 0o755, owner: 'root', group: 'root' },
    root(`${paths.sieve}/bin`),
    ...postfixFolders(settings),
    root(`${engine}/dovecot`),
    root(paths.dovecotEtc),
    root(paths.dovecotRun),
    root(paths.dovecotState),
    ...filterFolders(settings),
  ];
}

/** Set-gid, so that SQLite's -wal and -shm files inherit the group of their readers. */
function directoryFolders(settings: EngineSettings): EngineFolder[] {
  const { directory } = enginePaths(settings);
  const { postfixGroup, dovecotGroup } = settings.accounts;
  return [
    { path: directory, mode: 0o755, owner: 'root', group: 'root' },
    { path: `${directory}/route`, mode: 0o2750, owner: 'root', group: postfixGroup },
    { path: `${directory}/auth`, mode: 0o2750, owner: 'root', group: dovecotGroup },
    { path: `${directory}/writeback`, mode: 0o2770, owner: 'root', group: dovecotGroup },
  ];
}

function postfixFolders(settings: EngineSettings): EngineFolder[] {
  const paths = enginePaths(settings);
  const { postfixUser } = settings.accounts;
  const root = (path: string): EngineFolder => ({ path, mode: 0o755, owner: 'root', group: 'root' });
  return [
    root(`${settings.rootFolder}/engine/postfix`),
    root(paths.postfixEtc),
    root(`${paths.postfixEtc}/maps`),
    root(paths.postfixSpool),
    root(`${paths.postfixSpool}/etc`),
    { path: paths.postfixState, mode: 0o700, owner: postfixUser, group: 'root' },
  ];
}

function filterFolders(settings: EngineSettings): EngineFolder[] {
  const paths = enginePaths(settings);
  const { rspamdUser, postfixGroup, clamavUser, clamavGroup } = settings.accounts;
  const root = (path: string): EngineFolder => ({ path, mode: 0o755, owner: 'root', group: 'root' });
  return [
    root(`${settings.rootFolder}/engine/rspamd`),
    root(paths.rspamdEtc),
    root(`${paths.rspamdEtc}/local.d`),
    root(`${paths.rspamdEtc}/override.d`),
    { path: paths.rspamdDb, mode: 0o750, owner: rspamdUser, group: postfixGroup },
    { path: paths.rspamdRun, mode: 0o755, owner: rspamdUser, group: postfixGroup },
    root(`${settings.rootFolder}/engine/clamav`),
    root(paths.clamavEtc),
    { path: paths.clamavDb, mode: 0o755, owner: clamavUser, group: clamavGroup },
    { path: paths.clamavRun, mode: 0o755, owner: clamavUser, group: clamavGroup },
  ];
}
