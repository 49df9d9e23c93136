import { describe, expect, it } from 'vitest';
import { DIRECTORY_SCHEMA_VERSION } from '#libs/directory-file';
import { agree, NO_CLAIMS } from '../directory/directory-pair.js';
import { judgeFiles } from './source.js';

const claims = { schemaVersion: DIRECTORY_SCHEMA_VERSION, source: '7/00000001/16391', cursor: 500n };
const server = { source: '7/00000001/16391', xmax: 600n, floor: 400n };

describe('judgeFiles', () => {
  it('follows on from where the files are', () => {
    expect(judgeFiles(claims, server)).toEqual({ kind: 'follow', cursor: 500n });
  });

  it.each([
    ['no files', NO_CLAIMS, server],
    ['other version', { ...claims, schemaVersion: DIRECTORY_SCHEMA_VERSION + 1 }, server],
    ['other server', claims, { ...server, source: '8/00000001/16391' }],
    ['other server', claims, { ...server, source: '7/00000002/16391' }],
    ['other server', claims, { ...server, source: '7/00000001/20000' }],
    ['older server', claims, { ...server, xmax: 499n }],
    ['pruned', claims, { ...server, floor: 501n }],
  ])('builds anew: %s', (reason, held, asked) => {
    expect(judgeFiles(held, asked)).toEqual({ kind: 'rebuild', reason });
  });

  it('follows on at the very edge of what was pruned', () => {
    expect(judgeFiles(claims, { ...server, floor: 500n, xmax: 500n }).kind).toBe('follow');
  });
});

describe('agree', () => {
  it('takes the older position of two files of one source', () => {
    expect(agree(claims, { ...claims, cursor: 499n })).toEqual({ ...claims, cursor: 499n });
  });

  it('takes neither when the files come from different sources', () => {
    expect(agree(claims, { ...claims, source: 'other' })).toEqual(NO_CLAIMS);
  });
});
