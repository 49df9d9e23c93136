import { enginePaths } from './paths.js';
import type { EngineSettings } from './settings.js';

/** How a supervisor sees that a daemon serves: a port that accepts, or a UNIX socket that exists. */
export type ReadyProbe =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'socket'; readonly path: string };

export interface EngineCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/** A daemon that stays in the foreground until it gets SIGTERM. */
export interface EngineProcess extends EngineCommand {
  readonly name: 'postfix' | 'dovecot' | 'rspamd' | 'clamd';
  readonly readyProbe: ReadyProbe;
}

/** The daemons of one node in the order to start them: what filters first, what accepts mail last. */
export function engineProcesses(settings: EngineSettings): EngineProcess[] {
  const paths = enginePaths(settings);
  const { internalAddress: host, ports, accounts } = settings;
  const clamd: EngineProcess = {
    name: 'clamd',
    command: '/usr/sbin/clamd',
    args: ['--foreground', '-c', `${paths.clamavEtc}/clamd.conf`],
    readyProbe: { kind: 'socket', path: paths.clamavSocket },
  };
  return [
    ...(settings.antivirus ? [clamd] : []),
    {
      name: 'rspamd',
      command: '/usr/bin/rspamd',
      // The group is Postfix's: it may read the route file and nothing else is needed.
      args: ['-f', '-u', accounts.rspamdUser, '-g', accounts.postfixGroup, ...rspamdFolders(settings)],
      readyProbe: { kind: 'tcp', host, port: ports.rspamdMilter },
    },
    {
      name: 'dovecot',
      // Sieve writes this name into Message-IDs; without it correspondents would see the machine's own.
      command: '/usr/bin/env',
      args: [
        `DOVECOT_HOSTNAME=${settings.mailHostName}`,
        '/usr/sbin/dovecot',
        '-F',
        '-c',
        `${paths.dovecotEtc}/dovecot.conf`,
      ],
      readyProbe: { kind: 'tcp', host, port: ports.lmtp },
    },
    {
      name: 'postfix',
      // "postfix start-fg" leaves a shell in between that dies of SIGTERM and leaves this one behind.
      command: '/usr/lib/postfix/sbin/master',
      args: ['-c', paths.postfixEtc, '-s'],
      readyProbe: { kind: 'tcp', host, port: ports.notices },
    },
  ];
}

function rspamdFolders(settings: EngineSettings): string[] {
  const paths = enginePaths(settings);
  return [
    `--var=LOCAL_CONFDIR=${paths.rspamdEtc}`,
    `--var=DBDIR=${paths.rspamdDb}`,
    `--var=RUNDIR=${paths.rspamdRun}`,
    `--var=LOGDIR=${paths.log}`,
  ];
}

/** What to run after the files are written and before the daemons start, in order; each may be run again. */
export function prepareCommands(settings: EngineSettings): EngineCommand[] {
  const { sieve, dovecotEtc, postfixEtc, routeFile, rspamdRouteLink } = enginePaths(settings);
  // Users' processes may not write into the folder of the global scripts, so root compiles them.
  const compile = ['before', 'learn-spam', 'learn-ham'].map((script) => ({
    command: '/usr/bin/sievec',
    args: ['-c', `${dovecotEtc}/dovecot.conf`, `${sieve}/${script}.sieve`],
  }));
  return [
    { command: '/bin/ln', args: ['-sfn', routeFile, rspamdRouteLink] },
    ...compile,
    // Makes the folders of the queue and looks after their owners.
    { command: '/usr/sbin/postfix', args: ['-c', postfixEtc, 'check'] },
  ];
}

/** What makes running daemons read their files, or a new generation of the directory, again. */
export function reloadCommands(settings: EngineSettings): EngineCommand[] {
  const { dovecotEtc, postfixEtc } = enginePaths(settings);
  return [
    { command: '/usr/sbin/postfix', args: ['-c', postfixEtc, 'reload'] },
    { command: '/usr/bin/doveadm', args: ['-c', `${dovecotEtc}/dovecot.conf`, 'reload'] },
  ];
}
