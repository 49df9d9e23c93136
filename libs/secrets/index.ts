/*
 * Secrets as values: password hashes Dovecot can read, random tokens and app passwords, text sealed for a key or
 * for a key holder, proof tokens of domains, and DKIM keys.
 * Argon2id (RFC 9106), AES-256-GCM (NIST SP 800-38D), X25519 (RFC 7748) with HKDF-SHA256 (RFC 5869), by node:crypto.
 * It keeps nothing: where keys live, who may ask and how often are for the caller.
 */
export * from './app-password.js';
export * from './claim-token.js';
export * from './dkim-key.js';
export * from './password-hash.js';
export * from './seal.js';
export * from './sealed-for.js';
export * from './token.js';
