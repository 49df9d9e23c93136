import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { requireDomainName } from '#libs/address';
import { renderZone } from '#libs/dns';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Configuration } from '../platform/config/config.module.js';
import { draftZone, numberZone } from './zone-draft.js';
import { ZoneFolderPublisher } from './zone-folder.publisher.js';

const origin = requireDomainName('mailzone.isp.com');
const draft = draftZone({
  zone: origin,
  nameServerAddresses: ['192.0.2.53'],
  mailAddresses: ['192.0.2.10'],
  dkimKeys: [],
});
const zone = numberZone(draft, null, new Date(1_000_000));

let folder: string;
let publisher: ZoneFolderPublisher;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zones-'));
  publisher = new ZoneFolderPublisher({ ZONE_FOLDER: path.join(folder, 'new') } as Configuration);
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('the folder of zones', () => {
  it('holds one file per zone, and nothing else is left behind', async () => {
    await publisher.publish(zone);
    await publisher.publish(zone);
    expect(await readdir(path.join(folder, 'new'))).toEqual(['mailzone.isp.com.zone']);
    expect(await readFile(path.join(folder, 'new/mailzone.isp.com.zone'), 'utf8')).toBe(renderZone(zone));
    expect(await publisher.find(origin)).toEqual(zone);
  });

  it('has no zone where nothing was published', async () => {
    expect(await publisher.find(origin)).toBeNull();
  });

  it('takes a damaged file for none', async () => {
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    await publisher.publish(zone);
    await writeFile(path.join(folder, 'new/mailzone.isp.com.zone'), 'half a');
    expect(await publisher.find(origin)).toBeNull();
    vi.restoreAllMocks();
  });

  it('writes nothing for a zone it cannot hold, and leaves the old one', async () => {
    await publisher.publish(zone);
    const broken = { ...zone, records: [{ name: 'x y', type: 'TXT', value: '' } as const] };
    await expect(publisher.publish(broken)).rejects.toThrow(RangeError);
    expect(await publisher.find(origin)).toEqual(zone);
    expect(await readdir(path.join(folder, 'new'))).toHaveLength(1);
  });

  it('is not left by a name that climbs out of it', async () => {
    await expect(publisher.find('../../etc/passwd')).rejects.toThrow();
  });
});
