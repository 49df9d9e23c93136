import { getDomain } from 'tldts';
import type { DomainName } from './domain-name.js';

/**
 * Every parent of a name, nearest first, ending with the registrable domain (public suffix plus one label, private
 * suffixes included); empty for a registrable domain and for a public suffix.
 */
export function parentNames(name: DomainName): DomainName[] {
  const registrable = getDomain(name, { allowPrivateDomains: true });
  if (registrable === null) return [];
  const labels = name.split('.');
  const parents = labels.slice(1).map((_, index) => labels.slice(index + 1).join('.') as DomainName);
  return parents.filter((parent) => isWithin(parent, registrable));
}

/** True when `name` is `parent` or lies below it. Both as A-labels, lower case, no trailing dot. */
export function isWithin(name: string, parent: string): boolean {
  return name === parent || name.endsWith(`.${parent}`);
}
