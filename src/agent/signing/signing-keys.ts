import type { ClientBase } from 'pg';
import { Log } from '../../platform/logging/log.js';
import { signingKeyFaults } from '../metrics.js';
import type { KeyFolder, SigningName } from './key-files.js';

interface SealedKey extends SigningName {
  readonly id: string;
  readonly domain_id: string;
  readonly sealed_private_key: string;
  readonly digest: string;
}

interface HeldKey extends SigningName {
  readonly digest: bigint;
}

/** Opens a key that was sealed for the agents. @throws when it was sealed for others or altered. */
export type Unseal = (sealed: string, context: string) => string;

const COLUMNS = 'id, domain_id, domain, selector, sealed_private_key, digest::text';
const PAGE_KEYS = 500;
/** Never equals that of a row, so that the key is tried again at the next comparison. */
const UNKNOWN_DIGEST = -1n;

/**
 * Lays the signing keys of proven domains as files and takes those away that were retired. A key that fails is
 * counted and logged by its domain; the others, and the directory, go on. Nothing secret is ever logged.
 */
export class SigningKeys {
  private readonly log = new Log('SigningKeys');
  private held = new Map<string, HeldKey>();

  constructor(
    private readonly folder: KeyFolder,
    private readonly unseal: Unseal,
  ) {}

  /** Changed keys. Never rejects for a key's sake; a lost connection still does. */
  async apply(client: ClientBase, ids: readonly string[]): Promise<void> {
    const text = `select ${COLUMNS} from directory.dkim_key where id = any ($1::uuid[])`;
    const { rows } = await client.query<SealedKey>(text, [ids]);
    const present = new Map(rows.map((row) => [row.id, row]));
    await this.guard(async () => {
      for (const row of rows) await this.guard(() => this.lay(row), row.domain);
      const gone = ids.filter((id) => !present.has(id)).flatMap((id) => this.forget(id) ?? []);
      // The map names no key that is not there: it is written after keys came and before others go.
      await this.writeMap();
      for (const name of gone) await this.folder.remove(name);
    });
  }

  /** Makes the folder hold exactly the keys of Postgres; for a start, and when a difference was found. */
  async reconcile(client: ClientBase): Promise<void> {
    const held = this.held;
    this.held = new Map();
    let last = '00000000-0000-0000-0000-000000000000';
    for (;;) {
      const text = `select ${COLUMNS} from directory.dkim_key where id > $1 order by id limit ${PAGE_KEYS}`;
      const { rows } = await client.query<SealedKey>(text, [last]).catch((fault: unknown) => {
        this.held = held;
        throw fault;
      });
      for (const row of rows) await this.layOrKeep(row);
      last = rows.at(-1)?.id ?? last;
      if (rows.length < PAGE_KEYS) break;
    }
    await this.guard(async () => {
      await this.writeMap();
      await this.folder.removeAllBut([...this.held.values()]);
    });
  }

  /** Counts and adds up against Postgres; reconciles on a difference. */
  async compare(client: ClientBase): Promise<void> {
    const { rows } = await client.query<{ n: string; sum: string }>(
      'select count(*)::text as n, coalesce(sum(digest), 0)::text as sum from directory.dkim_key',
    );
    const sum = [...this.held.values()].reduce((total, { digest }) => total + digest, 0n);
    if (rows[0]?.n === String(this.held.size) && rows[0].sum === String(sum)) return;
    this.log.warn('The signing keys differ from Postgres and are laid again', { keys: this.held.size });
    await this.reconcile(client);
  }

  /** A key that does not open now may have opened before: its file goes on signing. */
  private async layOrKeep(row: SealedKey): Promise<void> {
    await this.guard(() => this.lay(row), row.domain);
    if (this.held.has(row.id) || !this.folder.holds(row)) return;
    this.held.set(row.id, { domain: row.domain, selector: row.selector, digest: UNKNOWN_DIGEST });
  }

  private async lay(row: SealedKey): Promise<void> {
    const pem = this.unseal(row.sealed_private_key, `dkim:${row.domain_id}`);
    if (!this.folder.has(row, pem)) await this.folder.write(row, pem);
    const { domain, selector, digest } = row;
    this.held.set(row.id, { domain, selector, digest: BigInt(digest) });
  }

  /** Answers the file to remove; null while another row of the same name needs it. */
  private forget(id: string): SigningName | null {
    const gone = this.held.get(id);
    this.held.delete(id);
    const isSame = ({ domain, selector }: HeldKey): boolean =>
      domain === gone?.domain && selector === gone.selector;
    return gone === undefined || [...this.held.values()].some(isSame) ? null : gone;
  }

  /** Where two selectors sign for a domain the newer key does: ids grow with time. */
  private async writeMap(): Promise<void> {
    const newest = new Map<string, SigningName>();
    for (const [, key] of [...this.held].toSorted(([one], [other]) => (one < other ? -1 : 1))) {
      newest.set(key.domain, key);
    }
    await this.folder.writeMap([...newest.values()]);
  }

  private async guard(work: () => Promise<void>, domain?: string): Promise<void> {
    try {
      await work();
    } catch (fault) {
      signingKeyFaults.inc();
      const reason = fault instanceof Error ? fault.message : 'unknown';
      this.log.error('A signing key could not be laid; mail of its domain waits', { domain, reason });
    }
  }
}
