import { describe, expect, it } from 'vitest';
import { MIGRATIONS } from '../../../migrations/index.js';
import { judgeDatabase, judgeSchema } from './database-fitness.js';

const fit = { above_row_security: false, reads_tables: false, server_version: 170_006 };
const known = MIGRATIONS.map((migration) => migration.name);

describe('a database that would not keep tenants apart', () => {
  it('is not one on which all is well', () => {
    expect(judgeDatabase(fit)).toBeNull();
  });

  it('is one where row security does not bind us; the sentence names the setting and what to use', () => {
    expect(judgeDatabase({ ...fit, above_row_security: true })).toBe(
      'LIVERY_DATABASE_URL signs in as a role that row security does not bind. Use livery_app.',
    );
  });

  it('is one where we may read tables outside a scope', () => {
    expect(judgeDatabase({ ...fit, reads_tables: true })).toBe(
      'LIVERY_DATABASE_URL signs in as a role with rights on tables. Use livery_app, which reaches them in a scope only.',
    );
  });

  it.each([
    [140_020, false],
    [150_013, false],
    [150_014, true],
    [160_009, false],
    [160_010, true],
    [170_005, false],
    [170_006, true],
    [180_000, true],
  ])('judges server %i by the first minor without the leak', (version, isFit) => {
    const sentence = judgeDatabase({ ...fit, server_version: version });
    if (isFit) expect(sentence).toBeNull();
    else expect(sentence).toBe(`PostgreSQL ${version} is too old. Use 15.14, 16.10, 17.6 or newer.`);
  });
});

describe('tables', () => {
  it('are in date when every migration ran, and when newer ones did as well', () => {
    expect(judgeSchema(known)).toBeNull();
    expect(judgeSchema([...known, 'FromTheNextRelease1999999999999'])).toBeNull();
  });

  it('are out of date when the last has not run; the sentence names it and what to do', () => {
    expect(judgeSchema(known.slice(0, -1))).toBe(
      `The tables are older than this process. Run "livery database migrate"; missing: ${known.at(-1)}.`,
    );
  });

  it('are out of date when there are none', () => {
    expect(judgeSchema([])).toContain(known.join(', '));
  });
});
