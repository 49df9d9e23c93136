import { enginePaths, publicFile, secretFile } from '../paths.js';
import { SPAM_HEADER } from '../dovecot/sieve.js';
import type { EngineSettings, RenderedFile } from '../settings.js';

/** Rspamd's processes: the milter, which filters by itself, and the controller. */
export function renderRspamdWorkers(settings: EngineSettings): RenderedFile[] {
  const folder = `${enginePaths(settings).rspamdEtc}/override.d`;
  return [
    publicFile(`${folder}/worker-normal.inc`, 'enabled = false;\n'),
    publicFile(`${folder}/worker-fuzzy.inc`, 'enabled = false;\n'),
    publicFile(`${folder}/worker-proxy.inc`, milterWorker(settings)),
    secretFile(`${folder}/worker-controller.inc`, controllerWorker(settings)),
    publicFile(`${folder}/options.inc`, options(settings)),
    publicFile(`${folder}/logging.inc`, 'type = "console";\nlevel = "notice";\n'),
  ];
}

function milterWorker(settings: EngineSettings): string {
  return `bind_socket = "${settings.internalAddress}:${settings.ports.rspamdMilter}";
milter = yes;
timeout = 60s;
upstream "local" {
  default = yes;
  self_scan = yes;
}
count = 2;
max_retries = 2;
discard_on_reject = false;
quarantine_on_reject = false;
spam_header = "${SPAM_HEADER}";
reject_message = "This message was refused because it looks like spam.";
`;
}

function controllerWorker(settings: EngineSettings): string {
  const { accounts, secrets, internalAddress, ports } = settings;
  const socket = enginePaths(settings).learnSocket;
  // Rspamd trusts whoever opens its UNIX socket; the socket's mode is the lock, TCP asks for the password.
  return `bind_socket = ["${internalAddress}:${ports.rspamdController}",
  "${socket} mode=0660 owner=${accounts.rspamdUser} group=${accounts.mailGroup}"];
password = "${secrets.rspamdPassword}";
enable_password = "${secrets.rspamdPassword}";
secure_ip = [];
`;
}

function options(settings: EngineSettings): string {
  const paths = enginePaths(settings);
  const resolvers = settings.resolverAddresses.map((address) => `"${address}:53:1"`).join(', ');
  return `dns {
  nameserver = [${resolvers}];
  timeout = 1s;
  retransmits = 2;
}
control_socket = "${paths.rspamdRun}/control.sock mode=0600";
tempdir = "${paths.rspamdRun}";
local_addrs = [127.0.0.0/8, "::1"];
map_watch_interval = 10s;
map_file_watch_multiplier = 0.1;
task_timeout = 25s;
soft_reject_on_timeout = true;
rrd = null;
`;
}
