import { describe, expect, it } from 'vitest';
import { judgeSwitches } from './switches.js';

const NOTHING = { sending: false, signIn: false, receiving: false };

describe('judgeSwitches', () => {
  it('allows everything while nothing is in force', () => {
    expect(judgeSwitches([])).toEqual({ maySend: true, maySignIn: true, mayReceive: true });
  });

  it('stops what any one restriction stops, and nothing else', () => {
    const payment = { stops: { ...NOTHING, sending: true } };
    const owner = { stops: { ...NOTHING, signIn: true } };
    expect(judgeSwitches([payment, owner])).toEqual({ maySend: false, maySignIn: false, mayReceive: true });
    expect(judgeSwitches([owner])).toEqual({ maySend: true, maySignIn: false, mayReceive: true });
  });

  it('stops receiving only when a restriction says so', () => {
    const legal = { stops: { sending: true, signIn: true, receiving: true } };
    expect(judgeSwitches([legal, { stops: NOTHING }])).toEqual({
      maySend: false,
      maySignIn: false,
      mayReceive: false,
    });
  });
});
