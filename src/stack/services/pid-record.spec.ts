import { describe, expect, it } from 'vitest';
import { judgeRecord, type PidRecord } from './pid-record.js';
import { parseStat } from './process-table.js';

const record: PidRecord = {
  name: 'redis',
  pid: 4711,
  groupId: 4711,
  startTicks: 123_456,
  bootId: 'boot-a',
  command: ['redis-server'],
  stopSignal: 'SIGTERM',
  stopTarget: 'group',
};
const found = { pid: 4711, groupId: 4711, sessionId: 4711, startTicks: 123_456, zombie: false };

describe('judging a pid record', () => {
  it('knows the process it described', () => {
    expect(judgeRecord(record, found, 'boot-a')).toBe('ours');
  });

  it('never claims a process that was given the number later', () => {
    expect(judgeRecord(record, { ...found, startTicks: 999_999 }, 'boot-a')).toBe('stranger');
  });

  it('never claims a process of another boot, even with equal ticks', () => {
    expect(judgeRecord(record, found, 'boot-b')).toBe('stranger');
    expect(judgeRecord(record, null, 'boot-b')).toBe('stranger');
  });

  it('sees a gone or dead leader as leaderless', () => {
    expect(judgeRecord(record, null, 'boot-a')).toBe('leaderless');
    expect(judgeRecord(record, { ...found, zombie: true }, 'boot-a')).toBe('leaderless');
  });
});

describe('reading a process line', () => {
  const tail = '1 77 78 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 36154 1 2';

  it('finds the fields behind a command with brackets and spaces', () => {
    expect(parseStat(`42 (a ) b (c) S ${tail}`)).toEqual({
      pid: 42,
      groupId: 77,
      sessionId: 78,
      startTicks: 36_154,
      zombie: false,
    });
  });

  it('marks a zombie', () => {
    expect(parseStat(`42 (sh) Z ${tail}`).zombie).toBe(true);
  });

  it('throws on anything else', () => {
    expect(() => parseStat('nonsense')).toThrow(/Not a process line/);
  });
});
