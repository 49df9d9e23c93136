import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/config/clock.js';
import { refuse } from './identity.errors.js';

const WINDOW_MS = 15 * 60_000;
const TRIES_PER_NAME = 10;
const TRIES_PER_ADDRESS = 60;
const KEPT = 50_000;

/**
 * Bounds guessing before a password is hashed, since the hash is what costs. Counted per name and per network address
 * of this process; failures only, so that a busy office is not locked out by its own successes.
 */
@Injectable()
export class SignInLimiter {
  private readonly failures = new Map<string, { count: number; until: number }>();

  constructor(private readonly clock: Clock) {}

  /** Throws while either has used up its tries. */
  admit(name: string, address: string): void {
    const now = this.clock.now().getTime();
    for (const [key, most] of limits(name, address)) {
      const seen = this.failures.get(key);
      if (seen && seen.until > now && seen.count >= most)
        throw refuse.tooManyTries({ minutes: Math.ceil((seen.until - now) / 60_000) });
    }
  }

  failed(name: string, address: string): void {
    const now = this.clock.now().getTime();
    if (this.failures.size >= KEPT) this.forgetOld(now);
    for (const [key] of limits(name, address)) {
      const seen = this.failures.get(key);
      if (seen && seen.until > now) seen.count += 1;
      else this.failures.set(key, { count: 1, until: now + WINDOW_MS });
    }
  }

  succeeded(name: string): void {
    this.failures.delete(`name ${name}`);
  }

  /** Drops what has run out; when an attack fills the table with fresh names, the oldest half goes as well. */
  private forgetOld(now: number): void {
    for (const [key, seen] of this.failures) if (seen.until <= now) this.failures.delete(key);
    if (this.failures.size < KEPT) return;
    for (const key of [...this.failures.keys()].slice(0, KEPT / 2)) this.failures.delete(key);
  }
}

const limits = (name: string, address: string): readonly (readonly [string, number])[] => [
  [`name ${name}`, TRIES_PER_NAME],
  [`address ${address}`, TRIES_PER_ADDRESS],
];
