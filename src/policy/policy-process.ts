import { enginePaths, type EngineSettings } from '#libs/engine-config';
import { Log } from '../platform/logging/log.js';
import { LocalCounters } from './local-counters.js';
import { policyFaults } from './metrics.js';
import { SenderPolicy } from './policy-answer.js';
import { PolicyServer } from './policy-server.js';
import { RedisCounters } from './redis-counters.js';
import { RouteReader } from './route-reader.js';
import { SendingLimits } from './sending-limits.js';

const REDIS_LIMIT_MS = 50;
const LOG_FAULT_EVERY_MS = 10_000;

/** Hourly sending limits of one node, asked by its mail server. */
export class PolicyProcess {
  private readonly log = new Log('Policy');
  private readonly redis: RedisCounters;
  private readonly server: PolicyServer;
  private listening = false;
  private loggedAt = 0;

  constructor(
    private readonly settings: EngineSettings,
    redisUrl: string,
  ) {
    this.redis = new RedisCounters(redisUrl, REDIS_LIMIT_MS);
    const route = new RouteReader(enginePaths(settings).routeFile, Date.now);
    const limits = new SendingLimits(this.redis, new LocalCounters(), (fault) =>
      this.countFault('counters', fault),
    );
    const policy = new SenderPolicy({
      findLimit: (login) => route.findLimit(login),
      count: (mailboxId, limit, nowMs) => limits.count(mailboxId, limit, nowMs),
      now: Date.now,
    });
    this.server = new PolicyServer(
      (request) => policy.answer(request),
      (fault) => this.logFault(fault),
    );
  }

  async start(): Promise<void> {
    this.redis.connect((fault) => this.countFault('connection', fault));
    await this.server.listen(this.settings.internalAddress, this.settings.ports.policy);
    this.listening = true;
  }

  async stop(): Promise<void> {
    this.listening = false;
    await this.server.close();
    this.redis.close();
  }

  /** Ready while it answers; without Redis it counts alone, which is no reason to be left out. */
  isReady(): Promise<{ readonly ready: boolean; readonly why?: string }> {
    return Promise.resolve(this.listening ? { ready: true } : { ready: false, why: 'not listening yet' });
  }

  private countFault(kind: 'counters' | 'connection', fault: unknown): void {
    policyFaults.inc({ kind });
    this.logFault(fault);
  }

  /** A neighbour that is away fails every message: one line for all of them. */
  private logFault(fault: unknown): void {
    if (Date.now() - this.loggedAt < LOG_FAULT_EVERY_MS) return;
    this.loggedAt = Date.now();
    this.log.warn('A fault was answered without an opinion or counted here alone', { reason: String(fault) });
  }
}
