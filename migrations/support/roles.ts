/**
 * Database roles, made once by a database administrator before the first migration (`livery database prepare`).
 *
 * The two login roles that matter to a tenant's rows, owner and app, do not inherit what they are members of:
 * row policies count for members that inherit, and the app is a member of all three scope roles at once.
 */
export const createRoles = (passwords: RolePasswords): string => `
  ${role('livery_owner', `login noinherit password '${passwords.owner}'`)}
  ${role('livery_app', `login noinherit password '${passwords.app}'`)}
  ${role('livery_feed', `login password '${passwords.feed}'`)}
  ${role('livery_tenant', 'nologin')}
  ${role('livery_reseller', 'nologin')}
  ${role('livery_operator', 'nologin')}
  ${role('livery_door', 'nologin')}
  grant livery_tenant, livery_reseller, livery_operator to livery_app;
  grant livery_door to livery_owner;
`;

/** Run in the new database itself: the owner must not need to inherit the rights of a database owner. */
export const prepareDatabase = `
  alter schema public owner to livery_owner;
  revoke create on schema public from public;`;

/** Passwords of the login roles. Made of letters and digits only: they stand inside an SQL literal. */
export interface RolePasswords {
  readonly owner: string;
  readonly app: string;
  readonly feed: string;
}

const role = (name: string, options: string): string => `
  do $$ begin
    create role ${name} ${options};
  exception when duplicate_object then
    alter role ${name} ${options};
  end $$;`;
