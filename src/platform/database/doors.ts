import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

/**
 * The questions that are asked before, or across, scopes. Each door is a function of schema `door` that answers
 * with ids only; the login role may call these and nothing else.
 */
@Injectable()
export class Doors {
  constructor(private readonly source: DataSource) {}

  /** All rows of `door.<name>(…)`, outside any transaction. */
  async ask<Row>(name: string, ...given: readonly unknown[]): Promise<Row[]> {
    return this.source.query<Row[]>(call(name, given.length), [...given]);
  }

  async askOne<Row>(name: string, ...given: readonly unknown[]): Promise<Row | null> {
    const [row] = await this.ask<Row>(name, ...given);
    return row ?? null;
  }

  /** Several doors in one transaction, as the login role. */
  transaction<T>(work: (db: EntityManager) => Promise<T>): Promise<T> {
    return this.source.transaction(work);
  }
}

/** The statement that calls a door, for use in a transaction that is open already. */
export const call = (name: string, count: number): string => {
  if (!/^[a-z_]+$/.test(name)) throw new Error(`Not the name of a door: ${name}`);
  const places = Array.from({ length: count }, (_, index) => `$${index + 1}`).join(', ');
  return `select * from door.${name}(${places})`;
};
