import { describe, expect, it } from 'vitest';
import { listenersOf, portsFrom, PORT_SPAN } from './ports.js';

describe('the port table', () => {
  it('gives every service a port of its own inside the span', () => {
    const ports = Object.values(portsFrom(20_000));
    expect(new Set(ports).size).toBe(ports.length);
    expect(Math.min(...ports)).toBeGreaterThanOrEqual(20_000);
    expect(Math.max(...ports)).toBeLessThan(20_000 + PORT_SPAN);
  });

  it('puts well-known services where their number says', () => {
    expect(portsFrom(20_000)).toMatchObject({ web: 20_443, imaps: 20_993, submission: 20_587, mx: 20_025 });
  });

  it.each([0, 1023, 31_769, 20_000.5, Number.NaN])('refuses %s as a base', (base) => {
    expect(() => portsFrom(base)).toThrow(/LIVERY_PORT_BASE/);
  });

  it('lists the real DNS and mail ports of the sandbox address', () => {
    const listeners = listenersOf(portsFrom(20_000), '127.87.1.1');
    expect(listeners.filter(({ address }) => address === '127.87.1.1').map(({ port }) => port)).toEqual([
      53, 25,
    ]);
  });
});
