import { z } from 'zod';
import { sayPlainly } from '../http/plain-words.js';

const port = z.coerce.number().int().min(1).max(65535);
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

/** What every process needs. Names are those of the environment, without the prefix LIVERY_. */
const everyProcess = {
  LOG_LEVEL: z.enum(['error', 'warn', 'log', 'debug', 'verbose']).default('log'),
  /** Health, readiness and metrics; never the port that customers reach. */
  OPERATIONS_HOST: z.string().default('127.0.0.1'),
  OPERATIONS_PORT: port,
};

const controlPlane = z.object({
  ...everyProcess,
  /** As role livery_app. */
  DATABASE_URL: z.url(),
  DATABASE_CONNECTIONS: z.coerce.number().int().min(1).max(200).default(10),
  REDIS_URL: z.url(),
  /** 32 bytes, base64url: cursors, kept answers and claim tokens are made with keys derived from it. */
  SECRET_KEY: z.string().regex(/^[\w-]{43}$/, 'must be 32 bytes in base64url'),
  /** X25519 public key of the engine agents: signing keys are sealed for them. */
  SEALING_PUBLIC_KEY: z.string().min(1),
  WEB_HOST: z.string().default('127.0.0.1'),
  WEB_PORT: port.default(8443),
  /** PEM files; without them the web process speaks plain HTTP behind a proxy that ends TLS. */
  WEB_CERTIFICATE_FILE: z.string().optional(),
  WEB_KEY_FILE: z.string().optional(),
  /**
   * Proxies in front, as addresses or ranges (10.0.0.0/8): only from these is X-Forwarded-For believed. Without them
   * every visitor behind a proxy would count as one, and be held back as one.
   */
  WEB_TRUSTED_PROXIES: list.default([]),
  /** The one host on which the operator's staff sign in. */
  OPERATOR_HOST: z.string(),
  /** Resolvers as ip:port, asked when a domain's own servers do not answer. */
  DNS_RESOLVERS: list,
  /** Lets checks reach name servers on private addresses. For the local stack only. */
  DNS_ALLOW_PRIVATE: flag.default(false),
  /** Special-use suffixes that may be claimed all the same. For the local stack only. */
  CLAIMABLE_SPECIAL_NAMES: list.default([]),
  /** Public addresses of the hosts that take in and send out mail. */
  MAIL_ADDRESSES: list,
  /** Public addresses of the name servers that read the brands' zones; each zone calls them ns1, ns2 and so on. */
  NAME_SERVER_ADDRESSES: list.default([]),
  /** Where the brands' zones are written for a name server to read. */
  ZONE_FOLDER: z.string(),
  /** Where system mail is handed in: host:port. */
  NOTICES_ADDRESS: z.string(),
});

const engineNode = z.object({
  ...everyProcess,
  NODE_NAME: z.string().regex(/^[a-z0-9-]{1,63}$/),
  /** JSON file with the EngineSettings of this node. */
  ENGINE_SETTINGS_FILE: z.string(),
});

const agent = engineNode.extend({
  /** As role livery_feed. */
  FEED_DATABASE_URL: z.url(),
  /** X25519 private key that opens sealed signing keys; readable by the agent alone. */
  SEALING_PRIVATE_KEY_FILE: z.string(),
});

const policy = engineNode.extend({ REDIS_URL: z.url() });

const SCHEMAS = { 'control-plane': controlPlane, agent, policy } as const;
type Kind = keyof typeof SCHEMAS;

export type ControlPlaneConfiguration = z.infer<typeof controlPlane>;
export type AgentConfiguration = z.infer<typeof agent>;

/**
 * Parsed once, at start. Throws one sentence per setting that is missing or wrong; values are not repeated in it,
 * since some are secrets.
 */
export const parseConfiguration = <K extends Kind>(
  kind: K,
  environment: Readonly<Record<string, string | undefined>>,
): z.infer<(typeof SCHEMAS)[K]> => {
  const given = Object.fromEntries(
    Object.entries(environment)
      .filter(([name, value]) => name.startsWith('LIVERY_') && value !== undefined && value !== '')
      .map(([name, value]) => [name.slice('LIVERY_'.length), value]),
  );
  const parsed = SCHEMAS[kind].safeParse(given, { error: sayPlainly });
  if (parsed.success) return parsed.data as z.infer<(typeof SCHEMAS)[K]>;
  const complaints = parsed.error.issues.map((issue) => `LIVERY_${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`The configuration is not complete.\n  ${complaints.join('\n  ')}`);
};
