/** Ports of one node. The public ones bind `listenAddress`, all others `internalAddress`. */
export interface EnginePorts {
  readonly mx: number;
  readonly submission: number;
  readonly submissions: number;
  readonly imap: number;
  readonly imaps: number;
  readonly pop3: number;
  readonly pop3s: number;
  readonly sieve: number;
  /** Mail that Sieve sends on or answers with; takes loopback clients only. */
  readonly reinject: number;
  /** System mail of the control plane; takes loopback clients only. */
  readonly notices: number;
  readonly lmtp: number;
  /** Delivery of system mail, into full mailboxes too. */
  readonly lmtpNotices: number;
  readonly sasl: number;
  readonly quotaStatus: number;
  /** Our own policy process; mail goes on without it. */
  readonly policy: number;
  readonly doveadmHttp: number;
  readonly rspamdMilter: number;
  readonly rspamdController: number;
}

/** System accounts by name; the packages create all but `mailUser`. */
export interface EngineAccounts {
  readonly postfixUser: string;
  readonly postfixGroup: string;
  readonly postdropGroup: string;
  readonly dovecotUser: string;
  readonly dovecotGroup: string;
  readonly rspamdUser: string;
  readonly clamavUser: string;
  readonly clamavGroup: string;
  /** Owns every mailbox. */
  readonly mailUser: string;
  readonly mailGroup: string;
}

export interface EngineSecrets {
  /** Key of the doveadm HTTP interface, sent as `X-Dovecot-API` in base64. */
  readonly doveadmApiKey: string;
  /** Password of Rspamd's controller, sent as `Password`. */
  readonly rspamdPassword: string;
}

/** Scores follow Rspamd's scale; a message reaching `reject` is refused, one reaching `junk` goes to Junk. */
export interface FilterThresholds {
  readonly junk: number;
  readonly reject: number;
}

/**
 * Everything that decides how one engine node is configured. Folders and files are absolute paths, addresses are
 * IP literals, sizes are bytes.
 */
export interface EngineSettings {
  /** The folder everything lies under; searchable by the system users (0755). */
  readonly rootFolder: string;
  /** Name of this node in logs and process titles. */
  readonly nodeName: string;
  /** Name in greetings, HELO and Authentication-Results; a name correspondents may see. */
  readonly mailHostName: string;
  readonly listenAddress: string;
  readonly internalAddress: string;
  /** Source address of outgoing mail, or null to let the system choose. */
  readonly outboundAddress: string | null;
  readonly ipFamilies: 'ipv4' | 'ipv6' | 'all';
  readonly ports: EnginePorts;
  /** Port that outgoing mail connects to: 25, another in a sandbox. */
  readonly outboundSmtpPort: number;
  /** Resolvers of Postfix and Rspamd. They must answer on port 53: resolv.conf cannot name another. */
  readonly resolverAddresses: readonly string[];
  readonly tls: { readonly certFile: string; readonly keyFile: string };
  readonly accounts: EngineAccounts;
  readonly secrets: EngineSecrets;
  readonly redis: {
    readonly host: string;
    readonly port: number;
    readonly database: number;
    /** Null for a Redis that asks for none. */
    readonly password: string | null;
  };
  /** Clients that may claim another address with XCLIENT. Empty but in a sandbox. */
  readonly xclientHosts: readonly string[];
  readonly messageSizeBytes: number;
  readonly antivirus: boolean;
  readonly greylisting: boolean;
  readonly filterThresholds: FilterThresholds;
  /** How long a failed sign-in waits for its answer. */
  readonly signInFailureDelaySeconds: number;
}

/** One configuration file: absolute path, permission bits, names of owner and group. */
export interface RenderedFile {
  readonly path: string;
  readonly text: string;
  readonly mode: number;
  readonly owner: string;
  readonly group: string;
}

/** One folder the daemons need before they start, parents listed first. */
export interface EngineFolder {
  readonly path: string;
  readonly mode: number;
  readonly owner: string;
  readonly group: string;
}
