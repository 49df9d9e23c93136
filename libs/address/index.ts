/*
 * Domain names and mail addresses as values: the only place in the product that parses either.
 * Names follow UTS #46 (non-transitional) and RFC 1035 lengths and are kept as lower-case A-labels; addresses
 * are the dot-atom subset of RFC 5321 §4.1.2, lower case.
 * It asks no DNS and no database: whether a name exists or is taken is for others to say. It accepts no quoted
 * local parts, no address literals and no SMTPUTF8 (RFC 6531) local parts.
 */
export * from './address-error.js';
export * from './claimable.js';
export * from './domain-name.js';
export * from './mail-address.js';
export * from './name-tree.js';
