import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * 256 random bits each. Passwords are hexadecimal, since they stand in SQL literals and configuration files; keys are
 * base64url. A name added here is filled in at the next start; the others stay.
 */
const secretForms = {
  postgresSuperuser: 'hex',
  postgresOwner: 'hex',
  postgresApp: 'hex',
  postgresFeed: 'hex',
  redis: 'hex',
  doveadmApiKey: 'hex',
  rspamdPassword: 'hex',
  secretKey: 'base64url',
} as const satisfies Record<string, BufferEncoding>;

export type Secrets = Readonly<Record<keyof typeof secretForms, string>>;

const SECRET_BYTES = 32;

/** Reads the stack's secrets from `<dataDir>/secrets/secrets.json` (folder 0700, file 0600), making what is missing. */
export async function ensureSecrets(dataDir: string): Promise<Secrets> {
  const folder = path.join(dataDir, 'secrets');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const file = path.join(folder, 'secrets.json');
  const known = await readSecrets(file);
  const missing = Object.entries(secretForms).filter(([name]) => known[name] === undefined);
  if (missing.length === 0) return known as Secrets;
  const fresh = missing.map(([name, form]) => [name, randomBytes(SECRET_BYTES).toString(form)]);
  const secrets = { ...known, ...Object.fromEntries(fresh) } as Secrets;
  await writeSecrets(file, secrets);
  return secrets;
}

async function readSecrets(file: string): Promise<Partial<Record<string, string>>> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Partial<Record<string, string>>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new Error(`${file} cannot be read: the stack will not make new secrets over it.`, { cause: error });
  }
}

/** By rename, so that a crash leaves either the old file or the new one, never half of it. */
async function writeSecrets(file: string, secrets: Secrets): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
