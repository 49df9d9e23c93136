import { readFile } from 'node:fs/promises';
import type { Ids } from './world.js';

export interface Route {
  readonly method: string;
  readonly path: string;
  readonly isPublic: boolean;
}

/** The list that the application itself is held to; see test/rooms/routes.spec.ts. */
export const readRoutes = async (): Promise<Route[]> => {
  const text = await readFile(new URL('../golden/routes.golden.txt', import.meta.url), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [method = '', path = '', access = ''] = line.split(' ');
      return { method, path, isPublic: access === 'public:' };
    });
};

export const nameOf = ({ method, path }: Route): string => `${method} ${path}`;

/** Names of the ids in a path, in order, as the world knows them. */
export const idsIn = ({ path }: Route): (keyof Ids)[] =>
  path
    .split('/')
    .filter((part) => part.startsWith(':') && part !== ':cause')
    .map((part) => kindOf(part.slice(1), path));

export const fillIn = (route: Route, ids: Readonly<Record<string, string>>): string =>
  route.path
    .split('/')
    .map((part) => {
      if (part === ':cause') return 'abuse';
      if (!part.startsWith(':')) return part;
      const id = ids[kindOf(part.slice(1), route.path)];
      if (id === undefined) throw new Error(`The world has no ${part} for ${route.path}.`);
      return id;
    })
    .join('/');

/** Three parents have keys, and two have domains. */
const kindOf = (name: string, path: string): keyof Ids => {
  if (name === 'domainId') return path.includes('/brands/') ? 'brandDomainId' : 'domainId';
  if (name !== 'apiKeyId') return name as keyof Ids;
  if (path.includes('/tenants/')) return 'tenantKeyId';
  return path.includes('/resellers/') ? 'resellerKeyId' : 'operatorKeyId';
};
