import { MigrationInterface, QueryRunner } from 'typeorm';

/** Schemas, and the functions through which policies and defaults read the scope of a transaction. */
export class Foundations1763900001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create schema app;
      create schema door;
      create schema directory;
      revoke all on schema public from public;
      grant usage on schema public to livery_tenant, livery_reseller, livery_operator, livery_door, livery_feed;
      grant usage on schema app to livery_tenant, livery_reseller, livery_operator, livery_door;
      grant usage on schema door to livery_app, livery_tenant, livery_reseller, livery_operator;
      grant create, usage on schema door, directory to livery_door;
      grant usage on schema directory to livery_feed, livery_app, livery_operator;
      ${scopeSetting('tenant_id', 'no tenant in scope')}
      ${scopeSetting('reseller_id', 'no reseller in scope')}
      create function app.refuse_change() returns trigger language plpgsql as $$
      begin
        raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
      end $$;
      revoke all on function app.refuse_change() from public;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop schema directory cascade;
      drop schema door cascade;
      drop schema app cascade;
      grant usage on schema public to public;
    `);
  }
}

/**
 * A setting local to a transaction is an empty string, not null, on a pooled connection that once carried it; a
 * bare cast would then fail with words about UUIDs.
 */
const scopeSetting = (name: string, complaint: string): string => `
  create function app.${name}() returns uuid language plpgsql stable as $$
  declare held text := nullif(current_setting('app.${name}', true), '');
  begin
    if held is null then
      raise exception '${complaint}' using errcode = 'insufficient_privilege';
    end if;
    return held::uuid;
  end $$;
  revoke all on function app.${name}() from public;
  grant execute on function app.${name}() to livery_tenant, livery_reseller, livery_operator, livery_door;`;
