import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { parseZone } from '#libs/dns';
import type { SandboxRecord } from './zone-book.js';

const LOOK_EVERY_MS = 100;

/**
 * Follows the `*.zone` files of a folder. Looks at names, times and sizes every 100 ms instead of asking the kernel
 * to tell: files arrive by rename, and a folder may be made anew, which notification loses.
 */
export class ZoneFolder {
  private timer: NodeJS.Timeout | null = null;
  private seen = '';
  private looking = false;
  private readonly good = new Map<string, readonly SandboxRecord[]>();

  constructor(
    private readonly folder: string,
    private readonly replace: (records: readonly SandboxRecord[]) => void,
    private readonly report: (line: string) => void,
  ) {}

  /** Resolves when the files there now have been read. */
  async follow(): Promise<void> {
    await this.look();
    this.timer = setInterval(() => void this.lookQuietly(), LOOK_EVERY_MS);
    this.timer.unref();
  }

  leave(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }

  private async lookQuietly(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      await this.look();
    } catch (error) {
      this.report(`${this.folder} cannot be read: ${String(error)}`);
    } finally {
      this.looking = false;
    }
  }

  private async look(): Promise<void> {
    const files = await zoneFiles(this.folder);
    const marks = await Promise.all(files.map(markOf));
    const picture = JSON.stringify([files, marks]);
    if (picture === this.seen) return;
    for (const known of this.good.keys()) if (!files.includes(known)) this.good.delete(known);
    for (const file of files) await this.read(file);
    this.seen = picture;
    this.replace([...this.good.values()].flat());
  }

  private async read(file: string): Promise<void> {
    try {
      this.good.set(file, recordsOf(await readFile(file, 'utf8')));
    } catch (error) {
      this.report(`${file} is not a zone file, what it said before stays: ${String(error)}`);
    }
  }
}

/** The zone's records, and its SOA as one of them: that is what makes its origin the top of a zone. */
function recordsOf(text: string): readonly SandboxRecord[] {
  const { origin, serial, soa, records } = parseZone(text);
  const contact = soa.contact.replace('@', '.');
  const timers = [soa.refreshSeconds, soa.retrySeconds, soa.expireSeconds, soa.negativeSeconds];
  const authority = [soa.primary, contact, serial, ...timers].join(' ');
  return [{ name: origin, type: 'SOA', value: authority }, ...records];
}

async function zoneFiles(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const zones = names.filter((name) => name.endsWith('.zone')).toSorted();
  return zones.map((name) => path.join(folder, name));
}

/** A rename gives a new inode even where time and size are equal; a file just removed has no mark. */
async function markOf(file: string): Promise<string> {
  return stat(file, { bigint: true }).then(
    (found) => `${found.ino} ${found.mtimeNs} ${found.size}`,
    () => '',
  );
}
