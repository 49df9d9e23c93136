import { parseAttempt } from './attempt.js';
import type { LogEvent, LogFact, LogLine } from './event.js';
import { parseArrival, parseQueueChange, parseSignInFailure } from './queue-line.js';
import { parseRejection } from './rejection.js';
import { parseStamp } from './stamp.js';

/** postlogd writes at most 2,000 characters of text (msg_output.c); syslog may cut earlier, never later. */
const LONGEST_LINE = 4_096;

const HEAD = /^([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) \S{1,255} ([\w.-]+(?:\/[\w.-]+)*)\[\d{1,10}\]: /;
/** Upper-case hex, or the long form of digits and letters (enable_long_queue_ids). */
const QUEUED = /^([0-9A-Za-z]{6,30}): (.*)$/s;

const CONTROL = /\p{Cc}/u;

const DELIVERY_DAEMONS = new Set([
  'smtp',
  'lmtp',
  'relay',
  'local',
  'virtual',
  'pipe',
  'error',
  'retry',
  'discard',
]);

/** The event a line tells of, or null when it tells of none that is known. Never throws, whatever the line holds. */
export const parseLine = (line: string): LogEvent | null => {
  // Postfix writes no control characters; whoever else does must not bring them into a database.
  if (line.length > LONGEST_LINE || CONTROL.test(line)) return null;
  const [whole = '', stampText = '', program = ''] = HEAD.exec(line) ?? [];
  const stamp = parseStamp(stampText);
  const parts = program.split('/');
  if (stamp === null || parts.length < 2) return null;
  const place: LogLine = {
    stamp,
    service: parts.length > 2 ? parts.slice(1, -1).join('/') : null,
    daemon: parts.at(-1) ?? '',
  };
  const fact = parseText(place.daemon, line.slice(whole.length));
  return fact === null ? null : { ...place, ...fact };
};

const parseText = (daemon: string, text: string): LogFact | null => {
  if (daemon === 'smtpd' && text.startsWith('warning: ')) return parseSignInFailure(text);
  if (text.startsWith('NOQUEUE: ')) return parseRejection(null, text.slice('NOQUEUE: '.length));
  const [, queueId, rest] = QUEUED.exec(text) ?? [];
  if (queueId === undefined || rest === undefined) return null;
  if (daemon === 'smtpd' || daemon === 'cleanup' || daemon === 'pickup') {
    return parseArrival(queueId, rest) ?? parseRejection(queueId, rest);
  }
  if (daemon === 'qmgr') return parseQueueChange(queueId, rest);
  return DELIVERY_DAEMONS.has(daemon) ? parseAttempt(queueId, rest) : null;
};
