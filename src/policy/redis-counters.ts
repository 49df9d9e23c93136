import { Redis } from 'ioredis';
import { HOUR_MS, hourOf, type HourCounts } from './hourly-rate.js';

const KEPT_SECONDS = 2 * 3_600;

/** Both counts, and one more on the present one unless that would pass what the caller worked out to be the most. */
const COUNT = `
  local current = tonumber(redis.call('get', KEYS[1]) or '0')
  local previous = tonumber(redis.call('get', KEYS[2]) or '0')
  if previous * tonumber(ARGV[2]) + current + 1 <= tonumber(ARGV[1]) then
    redis.call('incr', KEYS[1])
    redis.call('expire', KEYS[1], ${KEPT_SECONDS})
  end
  return {current, previous}`;

/** Counts that all nodes have in common. Rejects at once while Redis is away, and after `timeLimitMs` when it hangs. */
export class RedisCounters {
  private readonly redis: Redis;

  constructor(url: string, timeLimitMs: number) {
    this.redis = new Redis(url, {
      lazyConnect: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: timeLimitMs,
      connectTimeout: 1_000,
      retryStrategy: (attempt) => Math.min(attempt * 100, 2_000),
    });
  }

  /** Keeps trying in the background; `onFault` hears of each connection that failed. */
  connect(onFault: (fault: Error) => void): void {
    this.redis.on('error', onFault);
    this.redis.connect().catch(onFault);
  }

  /** The counts as they were before this message, judged as `judgeRate` does in the same step that counts. */
  async count(mailboxId: string, limit: number, nowMs: number): Promise<HourCounts> {
    const hour = hourOf(nowMs);
    const keys = [`policy:sent:${mailboxId}:${hour}`, `policy:sent:${mailboxId}:${hour - 1}`];
    const share = 1 - (nowMs % HOUR_MS) / HOUR_MS;
    const answer = await this.redis.eval(COUNT, 2, ...keys, limit, share);
    const [current, previous] = answer as [number, number];
    return { current, previous };
  }

  close(): void {
    this.redis.disconnect();
  }
}
