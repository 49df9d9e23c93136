import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../config/clock.js';
import { Doors } from '../database/doors.js';
import { Relay } from '../events/relay.js';
import { Sweep } from './sweep.js';

const DAY_MS = 24 * 3_600_000;
const EVENTS_KEPT_DAYS = 7;
const MAIL_EVENTS_KEPT_DAYS = 30;

/** The floor's own housekeeping. */
@Injectable()
export class Upkeep {
  constructor(
    private readonly doors: Doors,
    private readonly relay: Relay,
    private readonly source: DataSource,
    private readonly clock: Clock,
  ) {}

  @Sweep({ name: 'deliveries', everySeconds: 60 })
  async remind(): Promise<void> {
    await this.relay.remind(this.clock.now());
  }

  @Sweep({ name: 'answers', everySeconds: 3600 })
  async pruneAnswers(): Promise<void> {
    await this.doors.ask('prune_answers', this.ago(1));
  }

  @Sweep({ name: 'events', everySeconds: 3600 })
  async pruneEvents(): Promise<void> {
    await this.doors.ask('prune_events', this.ago(EVENTS_KEPT_DAYS));
  }

  @Sweep({ name: 'feed', everySeconds: 300 })
  async pruneFeed(): Promise<void> {
    await this.source.query('select directory.prune_feed()');
  }

  @Sweep({ name: 'mail-events', everySeconds: 3600 })
  async turnMailEventDays(): Promise<void> {
    await this.source.query('select directory.ensure_mail_event_days($1::date, 4)', [this.ago(1)]);
    const before = this.ago(MAIL_EVENTS_KEPT_DAYS);
    await this.source.query('select directory.drop_mail_event_days($1::date)', [before]);
    await this.source.query('select directory.drop_late_mail_events($1)', [before]);
  }

  private ago(days: number): Date {
    return new Date(this.clock.now().getTime() - days * DAY_MS);
  }
}
