import { AUTH_TABLES, ROUTE_TABLES } from '#libs/directory-file';

/** route: what Postfix and Rspamd read. auth: what Dovecot reads. */
export type FileName = 'route' | 'auth';
export const FILE_NAMES: readonly FileName[] = ['route', 'auth'];

/** Kinds of rows, named as the views of schema directory and the tables of the files. */
export const FED_KINDS = ['tenant', 'domain', 'mailbox', 'address', 'credential'] as const;
export type FedKind = (typeof FED_KINDS)[number];

interface FileTables {
  readonly ddl: string;
  readonly kinds: readonly FedKind[];
}

export const FILE_TABLES: Readonly<Record<FileName, FileTables>> = {
  route: { ddl: ROUTE_TABLES, kinds: ['tenant', 'domain', 'mailbox', 'address'] },
  auth: { ddl: AUTH_TABLES, kinds: ['tenant', 'domain', 'mailbox', 'address', 'credential'] },
};

export const isFedKind = (kind: string): kind is FedKind => FED_KINDS.some((known) => known === kind);

/** Tables apart from indexes, so that a rebuild loads rows first and sorts each index once. */
export const splitTables = (ddl: string): { readonly tables: string[]; readonly indexes: string[] } => {
  const statements = ddl
    .replaceAll(/--.*$/gm, '')
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
  return {
    tables: statements.filter((statement) => statement.startsWith('create table')),
    indexes: statements.filter((statement) => !statement.startsWith('create table')),
  };
};
