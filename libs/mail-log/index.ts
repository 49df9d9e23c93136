/*
 * Reads the log of Postfix 3.5 to 3.10 as postlogd or syslog writes it: one line in, at most one typed event out.
 * Names and shapes are those of the daemons' own source (smtpd_check.c, log_adhoc.c, qmgr_active.c).
 * Senders and servers elsewhere choose much of a line's text: fields are read from fixed places only, a line that
 * could be read in two ways gives no addresses, and what is longer than a log line of Postfix is not read at all.
 * It joins nothing, keeps nothing and knows no clock.
 */
export * from './event.js';
export { parseLine } from './line.js';
export { resolveStamp } from './stamp.js';
