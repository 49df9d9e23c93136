import { BadRequestException, HttpException, NotFoundException } from '@nestjs/common';
import { QueryFailedError } from 'typeorm';
import { describe as suite, expect, it } from 'vitest';
import { refuse } from './http.errors.js';
import { describe, InvalidInput } from './problem.filter.js';
import { Problem } from './problem.schema.js';
import { refusals } from './refusal.js';

const CANARY = 'canary-91ab';

/** As Express' body parser throws. */
const marked = (status: unknown): Error => Object.assign(new Error(CANARY), { status, body: CANARY });

const FAILED = {
  type: 'about:blank',
  title: 'Something went wrong',
  status: 500,
  code: 'request.failed',
  detail: 'Something went wrong on our side. Please try again in a moment.',
};

suite('what a caller is told', () => {
  it.each([
    ['an error', new Error(CANARY)],
    ['a fault of the database', new QueryFailedError(CANARY, [CANARY], new Error(CANARY))],
    ['another’s fault', new HttpException(CANARY, 503)],
    ['an error that calls itself a fault', marked(500)],
    ['an error whose status is no number', marked('404')],
    ['an error whose status is none', marked(200)],
    ['a text', CANARY],
    ['an object', { status: 404, message: CANARY }],
    ['nothing', undefined],
    ['null', null],
  ])('says nothing of %s', (_, thrown) => {
    expect(describe(thrown)).toEqual(FAILED);
  });

  it('gives a refusal its own code, status and sentence', () => {
    expect(describe(refuse.notPermitted())).toMatchObject({
      status: 403,
      code: 'request.not-permitted',
      title: 'Not permitted',
      detail: 'Your role does not allow this. Ask an administrator of your account.',
    });
  });

  it('puts facts into a refusal’s sentence, and shows no other', () => {
    const table = refusals('seat', { noneFree: { status: 409, say: 'All {seats} seats are used.' } });
    const problem = describe(table.noneFree({ seats: 5, secret: CANARY }));
    expect(problem).toMatchObject({ code: 'seat.none-free', detail: 'All 5 seats are used.' });
    expect(JSON.stringify(problem)).not.toContain(CANARY);
  });

  it('names the fields that are not valid', () => {
    const fields = [{ path: 'name', say: 'A name has at least one letter.' }];
    expect(describe(new InvalidInput(fields))).toMatchObject({
      status: 400,
      code: 'request.invalid',
      fields,
    });
  });

  it.each([
    [new NotFoundException(CANARY), 404, 'request.not-found'],
    [new BadRequestException(CANARY), 400, 'request.refused'],
    [marked(413), 413, 'request.too-large'],
    [marked(400), 400, 'request.refused'],
    [marked(415), 415, 'request.refused'],
  ])('keeps the status of %s and none of its words', (thrown, status, code) => {
    const problem = describe(thrown);
    expect(problem).toMatchObject({ status, code });
    expect(JSON.stringify(problem)).not.toContain(CANARY);
  });

  it('is always of the shape that the API describes', () => {
    for (const thrown of [refuse.notFound(), new InvalidInput([]), marked(413), new Error(CANARY), null])
      expect(Problem.safeParse(describe(thrown)).success).toBe(true);
  });
});
