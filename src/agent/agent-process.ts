import { readFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { enginePaths, type EngineSettings } from '#libs/engine-config';
import { unsealWith } from '#libs/secrets';
import type { AgentConfiguration } from '../platform/config/configuration.js';
import { doveadmSessions, reloadDaemons } from './engine/engine-commands.js';
import { DirectoryKeeper } from './feed/directory-keeper.js';
import { connectFeed } from './feed/feed-connection.js';
import { FeedFollower } from './feed/feed-follower.js';
import { watchCursorAge } from './metrics.js';
import { MailLogShipper } from './reports/mail-log-shipper.js';
import { reportNode } from './reports/node-report.js';
import { ReportLoop } from './reports/report-loop.js';
import { WritebackStore } from './reports/writeback-store.js';
import { RevocationQueue } from './revocation/revocations.js';
import { KeyFolder } from './signing/key-files.js';
import { SigningKeys } from './signing/signing-keys.js';

const POLL_MS = 1_000;
const COMPARE_EVERY_MS = 10 * 60_000;
const KEEP_OLD_GENERATION_MS = 5 * 60_000;
const REPORT_NODE_MS = 3_000;
const SHIP_COUNTERS_MS = 1_000;
const SHIP_LOG_MS = 500;

/** All that runs beside the engine of one node. No mail and no sign-in waits for any of it. */
export class AgentProcess {
  private readonly keeper: DirectoryKeeper;
  private readonly follower: FeedFollower;
  private readonly revocations: RevocationQueue;
  private readonly shipper: MailLogShipper;
  private readonly reports: readonly ReportLoop[];

  constructor(
    private readonly settings: EngineSettings,
    configuration: AgentConfiguration,
  ) {
    const connect = () => connectFeed(configuration.FEED_DATABASE_URL);
    const reload = () => reloadDaemons(settings);
    this.keeper = new DirectoryKeeper({
      folder: enginePaths(settings).directory,
      reload,
      keepOldMs: KEEP_OLD_GENERATION_MS,
    });
    this.revocations = new RevocationQueue(
      () => this.keeper.pair?.auth.db ?? null,
      doveadmSessions(settings),
    );
    this.follower = new FeedFollower({
      connect,
      keeper: this.keeper,
      signingKeys: makeSigningKeys(settings, configuration.SEALING_PRIVATE_KEY_FILE),
      applied: () => this.revocations.wake(),
      pollMs: POLL_MS,
      compareEveryMs: COMPARE_EVERY_MS,
      listen: true,
    });
    this.shipper = makeShipper(settings, configuration.NODE_NAME);
    const counters = new WritebackStore(enginePaths(settings).writebackFile, reload);
    this.reports = [
      new ReportLoop('Counters', SHIP_COUNTERS_MS, connect, (client) => counters.ship(client)),
      new ReportLoop('MailLog', SHIP_LOG_MS, connect, (client) => this.shipper.ship(client)),
      new ReportLoop('Node', REPORT_NODE_MS, connect, async (client) => {
        const { state } = this.follower;
        if (state !== null) await reportNode(client, configuration.NODE_NAME, state);
        return false;
      }),
    ];
  }

  async start(): Promise<void> {
    watchCursorAge(() => this.follower.state?.appliedAt ?? null);
    await this.keeper.open();
    this.follower.start();
    this.revocations.start();
    for (const report of this.reports) report.start();
  }

  /** The directory files stay open: the process exits without closing them, see DirectoryFile. */
  async stop(): Promise<void> {
    await Promise.all([
      this.follower.stop(),
      this.revocations.stop(),
      ...this.reports.map((loop) => loop.stop()),
    ]);
    await this.shipper.close();
  }

  /** Ready while the engine finds its files, also with Postgres away. */
  isReady(): Promise<{ readonly ready: boolean; readonly why?: string }> {
    try {
      const { routeFile, authFile } = enginePaths(this.settings);
      for (const file of [routeFile, authFile]) {
        const db = new Database(file, { readonly: true, timeout: 500 });
        db.prepare('select count(*) from tenant').get();
        db.close();
      }
      return Promise.resolve({ ready: true });
    } catch (fault) {
      const reason = fault instanceof Error ? fault.message : String(fault);
      return Promise.resolve({ ready: false, why: `The directory cannot be read yet: ${reason}` });
    }
  }
}

const makeSigningKeys = (settings: EngineSettings, keyFile: string): SigningKeys => {
  const privateKey = readFileSync(keyFile, 'utf8').trim();
  return new SigningKeys(new KeyFolder(enginePaths(settings).dkim), (sealed, context) =>
    unsealWith(privateKey, sealed, context),
  );
};

const makeShipper = (settings: EngineSettings, node: string): MailLogShipper => {
  const { mailLog, log } = enginePaths(settings);
  const positionFile = path.join(log, '.mail-log-position');
  return new MailLogShipper({ node, logFile: mailLog, positionFile, now: () => new Date() });
};
