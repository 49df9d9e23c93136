import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Injectable } from '@nestjs/common';
import { requireDomainName } from '#libs/address';
import { parseZone, renderZone, type Zone } from '#libs/dns';
import { Configuration } from '../platform/config/config.module.js';
import { Log } from '../platform/logging/log.js';
import { ZonePublisher } from './zone-publisher.js';

/** One master file per zone, `<zone>.zone`, in a folder that a name server follows. */
@Injectable()
export class ZoneFolderPublisher extends ZonePublisher {
  private readonly log = new Log('Zones');

  constructor(private readonly configuration: Configuration) {
    super();
  }

  async find(origin: string): Promise<Zone | null> {
    const file = this.fileOf(origin);
    try {
      return parseZone(await readFile(file, 'utf8'));
    } catch (fault) {
      if (fault instanceof SyntaxError)
        this.log.warn('A zone file is damaged and will be replaced', { file });
      else if (!isMissing(fault)) throw fault;
      return null;
    }
  }

  async publish(zone: Zone): Promise<void> {
    const file = this.fileOf(zone.origin);
    await mkdir(path.dirname(file), { recursive: true });
    // Ends otherwise than in ".zone": name servers must not read it before it is whole.
    const draft = `${file}.${randomUUID()}`;
    try {
      const handle = await open(draft, 'wx', 0o644);
      try {
        await handle.writeFile(renderZone(zone));
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(draft, file);
    } finally {
      await rm(draft, { force: true });
    }
  }

  /** Read as a domain name first, which leaves no way out of the folder. */
  private fileOf(origin: string): string {
    return path.join(this.configuration.ZONE_FOLDER, `${requireDomainName(origin)}.zone`);
  }
}

const isMissing = (fault: unknown): boolean =>
  fault instanceof Error && 'code' in fault && fault.code === 'ENOENT';
