import { MigrationInterface, QueryRunner } from 'typeorm';
import { createDefiner } from './support/definer.js';

/** Lets a process see whether the tables are as new as it is. */
export class Readiness1763900009000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      createDefiner({
        signature: 'door.migrations()',
        returns: 'table (name text)',
        volatility: 'stable',
        body: 'select m.name::text from public.migration m',
        // The table is the owner's own, and nobody else is given a right on it.
        owner: 'livery_owner',
        callers: ['livery_app'],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function door.migrations()');
  }
}
