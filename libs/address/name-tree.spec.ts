import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requireDomainName } from './domain-name.js';
import { isWithin, parentNames } from './name-tree.js';

describe('parentNames', () => {
  it.each([
    ['a.b.acme.co.uk', ['b.acme.co.uk', 'acme.co.uk']],
    ['acme.co.uk', []],
    ['co.uk', []],
    ['a.b.github.io', ['b.github.io']],
    ['x.lindqvist.example', ['lindqvist.example']],
    ['a.公司.cn', []],
    ['a.b.bücher.de', ['b.xn--bcher-kva.de', 'xn--bcher-kva.de']],
  ])('lists the parents of %s down to the registrable domain', (name, parents) => {
    expect(parentNames(requireDomainName(name))).toEqual(parents);
  });

  it('lists only names that the given name lies within, nearest first', () => {
    fc.assert(
      fc.property(fc.domain(), (text) => {
        const name = requireDomainName(text);
        const chain = [name, ...parentNames(name)];
        chain.slice(1).forEach((parent, index) => expect(isWithin(chain[index]!, parent)).toBe(true));
      }),
      { numRuns: 100 },
    );
  });
});

describe('isWithin', () => {
  it('holds for the name itself and names below, on label boundaries only', () => {
    expect(isWithin('acme.com', 'acme.com')).toBe(true);
    expect(isWithin('a.b.acme.com', 'acme.com')).toBe(true);
    expect(isWithin('notacme.com', 'acme.com')).toBe(false);
    expect(isWithin('acme.com', 'a.acme.com')).toBe(false);
  });
});
