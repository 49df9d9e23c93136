import { enginePaths, publicFile, secretFile } from '../paths.js';
import type { EngineSettings, RenderedFile } from '../settings.js';

// Each asks a service outside the node, lists fetched from one, or what only a shared store can hold.
const MODULES_OFF = [
  'rbl',
  'surbl',
  'fuzzy_check',
  'asn',
  'phishing',
  'mx_check',
  'rspamd_update',
  'url_redirector',
  'bimi',
  'neural',
  'replies',
  'reputation',
  'history_redis',
  'ratelimit',
  'metadata_exporter',
  'p0f',
  'dcc',
  'once_received',
  'multimap',
  'mid',
  'whitelist',
];

/** local.d: what each module of Rspamd does here. */
export function renderRspamdModules(settings: EngineSettings): RenderedFile[] {
  const etc = enginePaths(settings).rspamdEtc;
  const folder = `${etc}/local.d`;
  const modules: Record<string, string> = {
    actions: actions(settings),
    antivirus: antivirus(settings),
    arc: 'sign_inbound = false;\nsign_authenticated = false;\n',
    'classifier-bayes': bayes(),
    dkim_signing: signing(),
    dmarc: 'actions {\n  quarantine = "add_header";\n  reject = "reject";\n}\n',
    force_actions: forcedActions(settings),
    greylist: `enabled = ${settings.greylisting};\n`,
    milter_headers: milterHeaders(),
    settings: originatedSettings(settings),
  };
  for (const name of MODULES_OFF) {
    modules[name] = 'enabled = false;\n';
  }
  const attachments = `file = ["\${CONFDIR}/maps.d/mime_types.inc"];\n`;
  return [
    ...Object.entries(modules).map(([name, text]) => publicFile(`${folder}/${name}.conf`, text)),
    secretFile(`${folder}/redis.conf`, redis(settings)),
    // Overridden, not merged: a merged list would still fetch the packaged one from its makers.
    publicFile(`${etc}/override.d/mime_types.conf`, attachments),
  ];
}

function actions(settings: EngineSettings): string {
  const { junk, reject } = settings.filterThresholds;
  return `reject = ${reject};
add_header = ${junk};
greylist = ${settings.greylisting ? Math.max(1, junk - 2) : 'null'};
`;
}

function antivirus(settings: EngineSettings): string {
  if (!settings.antivirus) {
    return 'enabled = false;\n';
  }
  return `clamav {
  type = "clamav";
  symbol = "CLAM_VIRUS";
  servers = "${enginePaths(settings).clamavSocket}";
  action = "reject";
  message = 'This message was refused because it carries a virus: "\${VIRUS}".';
  scan_mime_parts = false;
  scan_text_mime = true;
  scan_image_mime = true;
  max_size = ${settings.messageSizeBytes * 2};
  no_cache = true;
  log_clean = false;
  timeout = 15.0;
  retransmits = 1;
}
`;
}

function forcedActions(settings: EngineSettings): string {
  return `rules {
${settings.antivirus ? SCANNER_AWAY : ''}${SENDER_DISOWNED}}
`;
}

const SCANNER_AWAY = `  SCANNER_AWAY {
    action = "soft reject";
    expression = "CLAM_VIRUS_FAIL";
    message = "The virus scanner is not available. Please try again later.";
  }
`;

// The domain names its servers and this is none ("-all"). A signature outlives forwarding and is believed instead; a
// DMARC policy is the domain's more exact wish and judged by itself.
const SENDER_DISOWNED = `  SENDER_DISOWNED {
    action = "add header";
    expression = "R_SPF_FAIL & !R_DKIM_ALLOW & !ARC_ALLOW";
    honor_action = ["reject", "soft reject"];
  }
`;

function bayes(): string {
  return `backend = "redis";
per_user = false;
per_language = false;
autolearn = false;
min_learns = 20;
new_schema = true;
expire = 90d;
`;
}

function signing(): string {
  return `sign_condition = "return function(task) return rspamd_plugins.outbound.signing_key(task) end";
sign_authenticated = true;
check_pubkey = false;
`;
}

function milterHeaders(): string {
  return `use = ["authentication-results", "x-spam-status"];
skip_local = true;
skip_authenticated = true;
remove_upstream_spam_flag = true;
routines {
  authentication-results {
    add_smtp_user = false;
  }
}
`;
}

function redis(settings: EngineSettings): string {
  const { host, port, database, password } = settings.redis;
  // Statistics only: a Redis that hangs may cost a second, never the message.
  return `servers = "${host}:${port}";
db = "${database}";
${password === null ? '' : `password = "${password}";\n`}timeout = 1s;
`;
}

function originatedSettings(settings: EngineSettings): string {
  // Mail of our own users is refused or sent; marking it as spam would brand it for its recipients.
  return `originated {
  priority = high;
  authenticated = yes;
  apply {
    actions {
      reject = ${settings.filterThresholds.reject};
      "add header" = null;
      greylist = null;
    }
  }
}
`;
}
