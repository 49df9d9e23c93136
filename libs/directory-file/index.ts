/*
 * The files an engine node reads instead of Postgres: their tables, and the queries the engine asks of them.
 * Two files, so that what Postfix can open holds no password hash (route) and what Dovecot opens does (auth);
 * a third takes what Dovecot reports back (writeback).
 * It states shapes only: opening, filling and swapping the files is the agent's work.
 */
export * from './schema.js';
