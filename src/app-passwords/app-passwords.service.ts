import { Injectable } from '@nestjs/common';
import { makeAppPassword } from '#libs/secrets';
import { IsNull } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { MailboxesService } from '../mailboxes/mailboxes.service.js';
import { Clock } from '../platform/config/clock.js';
import { TenantDb } from '../platform/database/tenant-db.js';
import { refuse as missing } from '../platform/http/http.errors.js';
import { type Page, type PageWish, Paging } from '../platform/http/paging.js';
import { AppPassword } from './app-password.entity.js';
import { refuse } from './app-passwords.errors.js';
import type { AppPasswordView, CreateAppPassword, NewAppPasswordView } from './app-passwords.schemas.js';

const AT_MOST = 25;

@Injectable()
export class AppPasswordsService {
  constructor(
    private readonly db: TenantDb,
    private readonly mailboxes: MailboxesService,
    private readonly clock: Clock,
    private readonly paging: Paging,
  ) {}

  async create(mailboxId: string, { name, scopes }: CreateAppPassword): Promise<NewAppPasswordView> {
    return this.db.transaction(async (db) => {
      // Also holds back a second creation for the mailbox, so that both are counted.
      const mailbox = await this.mailboxes.requireOpen(mailboxId);
      if (mailbox.kind !== 'person') throw refuse.sharedMailbox();
      const held = await db.countBy(AppPassword, { mailboxId, revokedAt: IsNull() });
      if (held >= AT_MOST) throw refuse.tooMany({ limit: AT_MOST });
      const { password, groups, digest } = makeAppPassword();
      const createdAt = this.clock.now();
      const row = { id: uuidv7(), mailboxId, name, scopes, digest, createdAt, revokedAt: null };
      await db.insert(AppPassword, row);
      return { ...show(row), password, groups: [...groups] };
    });
  }

  /** Those in force, oldest first. */
  async list(mailboxId: string, wish: PageWish): Promise<Page<AppPasswordView>> {
    return this.db.transaction(async (db) => {
      await this.mailboxes.require(mailboxId);
      const [after] = this.paging.read(wish, 'app-passwords', 1) ?? [];
      const query = db
        .createQueryBuilder(AppPassword, 'password')
        .where('password.mailbox_id = :mailboxId and password.revoked_at is null', { mailboxId })
        .orderBy('password.id')
        .limit(wish.limit + 1);
      if (after !== undefined) query.andWhere('password.id > :after', { after });
      return this.paging.page(wish, 'app-passwords', await query.getMany(), (row) => [row.id], show);
    });
  }

  /** Programs that use it are signed out. Revoking it again changes nothing. */
  async revoke(mailboxId: string, appPasswordId: string): Promise<void> {
    await this.db.transaction(async (db) => {
      const row = await db.findOneBy(AppPassword, { id: appPasswordId, mailboxId });
      if (!row) throw missing.notFound();
      if (row.revokedAt !== null) return;
      await db.update(AppPassword, { id: appPasswordId }, { revokedAt: this.clock.now() });
    });
  }

  async removeAll(mailboxId: string): Promise<void> {
    await this.db.transaction((db) => db.delete(AppPassword, { mailboxId }));
  }
}

const show = (row: AppPassword): AppPasswordView => ({
  id: row.id,
  name: row.name,
  scopes: row.scopes,
  createdAt: row.createdAt.toISOString(),
});
