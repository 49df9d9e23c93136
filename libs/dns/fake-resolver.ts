import {
  type Answer,
  found,
  lookupThroughAliases,
  normaliseName,
  type RecordType,
  type Resolver,
  unknown,
} from './resolver.js';

type Question = `${RecordType} ${string}`;

/** What a fake resolver knows: values by "TYPE name", and the questions that get no answer. */
export interface FakeRecords {
  readonly [question: Question]: readonly string[];
  readonly failing?: readonly Question[];
}

/** A resolver made of data. Everything not listed is absent. The record may be changed while it is in use. */
export function fakeResolver(records: FakeRecords): Resolver {
  async function ask(type: RecordType, name: string): Promise<Answer> {
    const question = `${type} ${name}`;
    if ((records.failing ?? []).some((failing) => normaliseQuestion(failing) === question))
      return unknown('timeout');
    const entry = Object.entries(records).find(([key]) => normaliseQuestion(key) === question);
    return found(type, entry?.[1] ?? []);
  }
  return { lookup: (type, name) => lookupThroughAliases(type, name, ask) };
}

function normaliseQuestion(question: string): string {
  const [type = '', name = ''] = question.split(' ');
  return `${type} ${normaliseName(name)}`;
}
