import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeKeyPair } from '#libs/secrets';

/** The pair that signing keys are sealed with: the control plane gets the public half, the agent the file. */
export interface SealingKeys {
  readonly publicKey: string;
  readonly privateKeyFile: string;
}

/** Made once: sealed keys can be opened with this pair only. */
export const ensureSealingKeys = async (dataDir: string): Promise<SealingKeys> => {
  const privateKeyFile = path.join(dataDir, 'secrets', 'sealing.private');
  const publicKeyFile = path.join(dataDir, 'secrets', 'sealing.public');
  const publicKey = await readFile(publicKeyFile, 'utf8').catch((fault: NodeJS.ErrnoException) => {
    if (fault.code === 'ENOENT') return null;
    throw fault;
  });
  if (publicKey !== null) return { publicKey, privateKeyFile };
  const pair = makeKeyPair();
  await writeFile(privateKeyFile, pair.privateKey, { mode: 0o600 });
  await writeFile(publicKeyFile, pair.publicKey, { mode: 0o600 });
  return { publicKey: pair.publicKey, privateKeyFile };
};
