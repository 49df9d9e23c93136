import { describe, expect, it } from 'vitest';
import { parseConfiguration } from './configuration.js';

const CANARY = 'canary-7c2e';

const complete = {
  LIVERY_OPERATIONS_PORT: '9000',
  LIVERY_NODE_NAME: 'node-1',
  LIVERY_ENGINE_SETTINGS_FILE: '/etc/engine.json',
  LIVERY_REDIS_URL: 'redis://localhost',
};

const complaint = (kind: 'control-plane' | 'agent' | 'policy', given: Record<string, string>): string => {
  try {
    parseConfiguration(kind, given);
  } catch (fault) {
    return String(fault);
  }
  throw new Error('It was taken.');
};

describe('the configuration', () => {
  it('is read by its names, with defaults, and without what is not ours', () => {
    const parsed = parseConfiguration('policy', { ...complete, PATH: '/bin', LIVERY_LOG_LEVEL: '' });
    expect(parsed).toEqual({
      LOG_LEVEL: 'log',
      OPERATIONS_HOST: '127.0.0.1',
      OPERATIONS_PORT: 9000,
      NODE_NAME: 'node-1',
      ENGINE_SETTINGS_FILE: '/etc/engine.json',
      REDIS_URL: 'redis://localhost',
    });
  });

  it('names every setting that is missing, in one go', () => {
    const said = complaint('control-plane', {});
    for (const name of ['DATABASE_URL', 'REDIS_URL', 'SECRET_KEY', 'SEALING_PUBLIC_KEY', 'OPERATOR_HOST'])
      expect(said).toContain(`LIVERY_${name}:`);
  });

  it('names a setting that is wrong, and never its value', () => {
    const wrong = {
      DATABASE_URL: CANARY,
      SECRET_KEY: `${CANARY}!`,
      LOG_LEVEL: CANARY,
      WEB_PORT: CANARY,
      DNS_ALLOW_PRIVATE: CANARY,
      REDIS_URL: `http://user:${CANARY}@`,
    };
    const given = Object.fromEntries(Object.entries(wrong).map(([name, value]) => [`LIVERY_${name}`, value]));
    const said = complaint('control-plane', given);
    for (const name of Object.keys(wrong)) expect(said).toContain(`LIVERY_${name}:`);
    expect(said).not.toContain(CANARY);
  });

  it.each([
    ['OPERATIONS_PORT', '0'],
    ['OPERATIONS_PORT', '65536'],
    ['OPERATIONS_PORT', '80.5'],
    ['NODE_NAME', 'Node 1'],
    ['REDIS_URL', 'not a url'],
  ])('refuses %s of %s', (name, value) => {
    expect(complaint('policy', { ...complete, [`LIVERY_${name}`]: value })).toContain(`LIVERY_${name}:`);
  });
});
