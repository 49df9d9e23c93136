import { chmodSync, chownSync, existsSync, readFileSync, statSync } from 'node:fs';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

const MODE = 0o640;
const MAP = 'selectors.map';
const NAME = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/;

export interface SigningName {
  readonly domain: string;
  readonly selector: string;
}

/** `<domain>.<selector>.key`. @throws on a name that could lead out of the folder. */
const keyFileName = ({ domain, selector }: SigningName): string => {
  if (!NAME.test(domain) || !NAME.test(selector)) throw new Error('Not a domain and selector.');
  return `${domain}.${selector}.key`;
};

/**
 * The folder the filter reads signing keys from. Each file is written beside its place and moved there, so the
 * filter never meets half a key; group and mode are set before the move.
 */
export class KeyFolder {
  constructor(private readonly folder: string) {}

  async write(name: SigningName, pem: string): Promise<void> {
    await this.place(keyFileName(name), pem);
  }

  has(name: SigningName, pem: string): boolean {
    try {
      return readFileSync(path.join(this.folder, keyFileName(name)), 'utf8') === pem;
    } catch (fault) {
      if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw fault;
    }
  }

  holds(name: SigningName): boolean {
    return NAME.test(name.domain) && existsSync(path.join(this.folder, keyFileName(name)));
  }

  async remove(name: SigningName): Promise<void> {
    await rm(path.join(this.folder, keyFileName(name)), { force: true });
  }

  async removeAllBut(names: readonly SigningName[]): Promise<void> {
    const kept = new Set(names.map(keyFileName));
    for (const file of await readdir(this.folder)) {
      if (file.endsWith('.key') && !kept.has(file)) await rm(path.join(this.folder, file), { force: true });
    }
  }

  /** Which selector signs for which domain: "domain selector", one line each. */
  async writeMap(names: readonly SigningName[]): Promise<void> {
    const lines = names.map(({ domain, selector }) => `${domain} ${selector}\n`);
    await this.place(MAP, lines.toSorted().join(''));
  }

  private async place(name: string, text: string): Promise<void> {
    const waiting = path.join(this.folder, `.${name}.next`);
    await writeFile(waiting, text, { mode: 0o600 });
    const { uid, gid } = statSync(this.folder);
    chownSync(waiting, uid, gid);
    chmodSync(waiting, MODE);
    await rename(waiting, path.join(this.folder, name));
  }
}
