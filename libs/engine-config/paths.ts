import type { EngineSettings, RenderedFile } from './settings.js';

/** Where the parts of one node lie under its root folder. */
export interface EnginePaths {
  readonly log: string;
  readonly mailLog: string;
  readonly directory: string;
  readonly routeFile: string;
  readonly authFile: string;
  readonly writebackFile: string;
  readonly dkim: string;
  readonly mail: string;
  readonly sieve: string;
  readonly postfixEtc: string;
  readonly postfixSpool: string;
  readonly postfixState: string;
  readonly dovecotEtc: string;
  readonly dovecotRun: string;
  readonly dovecotState: string;
  readonly rspamdEtc: string;
  readonly rspamdDb: string;
  readonly rspamdRun: string;
  readonly clamavEtc: string;
  readonly clamavDb: string;
  readonly clamavRun: string;
  readonly clamavSocket: string;
  /** Rspamd's own link to the route file: it opens no database in a folder it may not write to. */
  readonly rspamdRouteLink: string;
  /** Takes learning from the mail store without a password; only the mail group may open it. */
  readonly learnSocket: string;
}

/** Absolute paths of one node, by the layout fixed for the root folder. */
export function enginePaths(settings: Pick<EngineSettings, 'rootFolder'>): EnginePaths {
  const root = settings.rootFolder;
  const engine = `${root}/engine`;
  return {
    log: `${root}/log`,
    mailLog: `${root}/log/mail.log`,
    directory: `${engine}/directory`,
    routeFile: `${engine}/directory/route/current.sqlite`,
    authFile: `${engine}/directory/auth/current.sqlite`,
    writebackFile: `${engine}/directory/writeback/writeback.sqlite`,
    dkim: `${engine}/dkim`,
    mail: `${engine}/mail`,
    sieve: `${engine}/sieve`,
    postfixEtc: `${engine}/postfix/etc`,
    postfixSpool: `${engine}/postfix/spool`,
    postfixState: `${engine}/postfix/data`,
    dovecotEtc: `${engine}/dovecot/etc`,
    dovecotRun: `${engine}/dovecot/run`,
    dovecotState: `${engine}/dovecot/state`,
    rspamdEtc: `${engine}/rspamd/etc`,
    rspamdDb: `${engine}/rspamd/db`,
    rspamdRun: `${engine}/rspamd/run`,
    clamavEtc: `${engine}/clamav/etc`,
    clamavDb: `${engine}/clamav/db`,
    clamavRun: `${engine}/clamav/run`,
    clamavSocket: `${engine}/clamav/run/clamd.sock`,
    rspamdRouteLink: `${engine}/rspamd/run/route.sqlite`,
    learnSocket: `${engine}/rspamd/run/learn.sock`,
  };
}

/** A file of root that everybody may read: it holds no secret. */
export function publicFile(path: string, text: string): RenderedFile {
  return { path, text, mode: 0o644, owner: 'root', group: 'root' };
}

/** A file that only root may read; daemons read it before they drop their rights. */
export function secretFile(path: string, text: string): RenderedFile {
  return { path, text, mode: 0o600, owner: 'root', group: 'root' };
}

/** A script of root that everybody may run. */
export function programFile(path: string, text: string): RenderedFile {
  return { path, text, mode: 0o755, owner: 'root', group: 'root' };
}
