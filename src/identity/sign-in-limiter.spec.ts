import { beforeEach, describe, expect, it } from 'vitest';
import { SignInLimiter } from './sign-in-limiter.js';

const MINUTE_MS = 60_000;
let nowMs: number;
let limiter: SignInLimiter;

beforeEach(() => {
  nowMs = 0;
  limiter = new SignInLimiter({ now: () => new Date(nowMs) });
});

const fail = (times: number, name: string, address = '192.0.2.1'): void => {
  for (let time = 0; time < times; time += 1) limiter.failed(name, address);
};

const isAdmitted = (name: string, address = '192.0.2.1'): boolean => {
  try {
    limiter.admit(name, address);
    return true;
  } catch {
    return false;
  }
};

describe('guessing passwords', () => {
  it('ends after ten failures on one name, from wherever they come', () => {
    for (let time = 0; time < 10; time += 1) {
      expect(isAdmitted('ana', `192.0.2.${time}`)).toBe(true);
      fail(1, 'ana', `192.0.2.${time}`);
    }
    expect(isAdmitted('ana', '198.51.100.1')).toBe(false);
    expect(isAdmitted('erik', '192.0.2.1')).toBe(true);
  });

  it('ends after sixty failures from one address, on whatever names', () => {
    for (let time = 0; time < 60; time += 1) {
      expect(isAdmitted(`name ${time}`)).toBe(true);
      fail(1, `name ${time}`);
    }
    expect(isAdmitted('somebody')).toBe(false);
    expect(isAdmitted('somebody', '192.0.2.2')).toBe(true);
  });

  it('says how long to wait, and then goes on', () => {
    fail(1, 'ana');
    nowMs = 5 * MINUTE_MS;
    fail(9, 'ana');
    expect(() => limiter.admit('ana', '192.0.2.9')).toThrow(
      expect.objectContaining({ status: 429, message: expect.stringContaining('Wait 10 minutes') }),
    );
    nowMs = 15 * MINUTE_MS;
    expect(isAdmitted('ana')).toBe(true);
  });

  it('is forgiven on a name by signing in, and not for the address', () => {
    fail(9, 'ana');
    limiter.succeeded('ana');
    fail(9, 'ana');
    expect(isAdmitted('ana')).toBe(true);
    fail(42, 'erik');
    expect(isAdmitted('ana')).toBe(false);
  });

  it('does not make us remember more names than we have room for', () => {
    fail(10, 'old');
    for (let time = 0; time < 120_000; time += 1) limiter.failed(`name ${time}`, `address ${time}`);
    expect((limiter as unknown as { failures: Map<string, unknown> }).failures.size).toBeLessThanOrEqual(
      50_002,
    );
  });
});
