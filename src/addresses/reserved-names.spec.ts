import { describe, expect, it } from 'vitest';
import { isFreeForAlias, isFreeForMailbox } from './reserved-names.js';

describe('reserved names', () => {
  it.each(['postmaster', 'abuse'])('lets %s be an alias and never a mailbox', (name) => {
    expect([isFreeForMailbox(name), isFreeForAlias(name)]).toEqual([false, true]);
  });

  it.each(['hostmaster', 'webmaster', 'mailer-daemon', 'root', 'noreply', 'no-reply'])(
    'lets %s be neither',
    (name) => {
      expect([isFreeForMailbox(name), isFreeForAlias(name)]).toEqual([false, false]);
    },
  );

  it.each(['ana', 'postmaster2', 'info', 'rooted'])('leaves %s to everybody', (name) => {
    expect([isFreeForMailbox(name), isFreeForAlias(name)]).toEqual([true, true]);
  });
});
