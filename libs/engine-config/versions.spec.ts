import { describe, expect, it } from 'vitest';
import { judgeEngineVersions } from './versions.js';

const debian12 = { postfix: '3.7.11', dovecot: '2.3.19.1', rspamd: '3.4' };

describe('judgeEngineVersions', () => {
  it('has nothing to say about Debian 12', () => {
    expect(judgeEngineVersions(debian12)).toEqual([]);
  });

  it.each(['3.5.25', '3.6.4', '3.10.1'])('has a configuration for Postfix %s', (postfix) => {
    expect(judgeEngineVersions({ ...debian12, postfix })).toEqual([]);
  });

  it.each(['3.4.14', '3.11.0', '4.0.0', 'unknown'])('has none for Postfix %s', (postfix) => {
    expect(judgeEngineVersions({ ...debian12, postfix })).toEqual([
      `Postfix ${postfix} is installed, but the configuration is written for 3.5 to 3.10.`,
    ]);
  });

  it('has none for Dovecot 2.4 and for Rspamd 4', () => {
    expect(judgeEngineVersions({ ...debian12, dovecot: '2.4.1', rspamd: '4.0' })).toEqual([
      'Dovecot 2.4.1 is installed, but the configuration is written for 2.3.',
      'Rspamd 4.0 is installed, but the configuration is written for 3.4 or a later 3.x.',
    ]);
  });

  it('names a program that is missing', () => {
    expect(judgeEngineVersions({ ...debian12, rspamd: null })).toEqual([
      'Rspamd is not installed; version 3.4 or a later 3.x is needed.',
    ]);
  });
});
