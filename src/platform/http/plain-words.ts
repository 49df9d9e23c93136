import { z } from 'zod';

type Issue = Parameters<NonNullable<Parameters<typeof z.config>[0]>['customError'] & object>[0];

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
};

const FORMATS: Readonly<Record<string, string>> = {
  uuid: 'Give the id as the list or the creation answered it.',
  email: 'Give a mail address, such as ana@example.org.',
  url: 'Give a whole address, such as https://example.org.',
};

/** What is wrong with a value, for whoever typed it; undefined leaves the library's own words. */
export const sayPlainly = (issue: Issue): string | undefined => {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'This is missing.'
        : `This must be ${KINDS[issue.expected] ?? issue.expected}.`;
    case 'unrecognized_keys':
      return `There is no such field: ${issue.keys.join(', ')}.`;
    case 'invalid_value':
      return `Choose one of: ${issue.values.map(String).join(', ')}.`;
    case 'invalid_format':
      return FORMATS[issue.format] ?? 'This is not in the form expected.';
    case 'too_small':
      return bound(issue.origin, 'at least', issue.minimum);
    case 'too_big':
      return bound(issue.origin, 'at most', issue.maximum);
    case 'custom':
    case 'invalid_element':
    case 'invalid_key':
    case 'invalid_union':
    case 'not_multiple_of':
      return undefined;
  }
};

const bound = (origin: string, word: string, limit: number | bigint): string => {
  if (origin === 'string') return `This has ${word} ${limit} characters.`;
  if (origin === 'array') return `This lists ${word} ${limit}.`;
  return `This is ${word} ${limit}.`;
};
