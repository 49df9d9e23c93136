import { Injectable } from '@nestjs/common';
import { TenantDb } from '../platform/database/tenant-db.js';
import { requireTenantScope } from '../platform/tenancy/scope.js';
import type { Restrict, RestrictionLevel, RestrictionView } from '../tenants/restrictions.schemas.js';
import { RestrictionsService } from '../tenants/restrictions.service.js';
import { lockMailbox, lockOpenMailbox } from './mailbox-rows.js';
import type { MailboxSwitches, SuspendMailbox } from './mailboxes.schemas.js';

/** What the owner of a mailbox stops. Reasons of the provider are neither placed nor lifted here. */
@Injectable()
export class MailboxSwitchesService {
  constructor(
    private readonly db: TenantDb,
    private readonly restrictions: RestrictionsService,
  ) {}

  async place(mailboxId: string, wish: Restrict): Promise<MailboxSwitches> {
    return this.db.transaction(async (db) => {
      const { domainId } = await lockOpenMailbox(db, mailboxId);
      await this.restrictions.place({ level: 'mailbox', subjectId: mailboxId, cause: 'owner', ...wish });
      return this.of(mailboxId, domainId);
    });
  }

  async lift(mailboxId: string): Promise<MailboxSwitches> {
    return this.db.transaction(async (db) => {
      const { domainId } = await lockMailbox(db, mailboxId);
      await this.restrictions.lift({ subjectId: mailboxId, cause: 'owner' });
      return this.of(mailboxId, domainId);
    });
  }

  /** In the trade's sense: nobody signs in or sends, and mail keeps coming in. */
  async suspend(mailboxId: string, { reason }: SuspendMailbox): Promise<MailboxSwitches> {
    return this.place(mailboxId, { stops: { sending: true, signIn: true, receiving: false }, reason });
  }

  /** The strictest of what is in force for the account, the domain and the mailbox, and all of it. */
  async of(mailboxId: string, domainId: string): Promise<MailboxSwitches> {
    const { tenantId } = requireTenantScope();
    return this.db.transaction(async () => {
      const restrictions = [
        ...(await this.listAt('tenant', tenantId)),
        ...(await this.listAt('domain', domainId)),
        ...(await this.listAt('mailbox', mailboxId)),
      ];
      return {
        ...(await this.restrictions.switchesOf([tenantId, domainId, mailboxId])),
        restrictions,
      };
    });
  }

  private async listAt<Level extends RestrictionLevel>(
    level: Level,
    subjectId: string,
  ): Promise<(RestrictionView & { level: Level })[]> {
    const inForce = await this.restrictions.listInForce(subjectId);
    return inForce.map((restriction) => ({ ...restriction, level }));
  }
}
