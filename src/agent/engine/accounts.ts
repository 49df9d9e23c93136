import { readFileSync } from 'node:fs';

/** Numbers of users and groups by name, as the system's files list them. */
export interface Accounts {
  readonly userId: (name: string) => number;
  readonly groupId: (name: string) => number;
}

/** One "name:password:number:" line of passwd(5) or group(5); null when nobody has that name. */
const findNumber = (listing: string, name: string): number | null => {
  const line = listing.split('\n').find((entry) => entry.startsWith(`${name}:`));
  return line === undefined ? null : Number(line.split(':')[2]);
};

export const readAccounts = (): Accounts => {
  const users = readFileSync('/etc/passwd', 'utf8');
  const groups = readFileSync('/etc/group', 'utf8');
  const require = (listing: string, what: string, name: string): number => {
    const number = findNumber(listing, name);
    if (number === null) throw new Error(`This machine has no ${what} "${name}".`);
    return number;
  };
  return {
    userId: (name) => require(users, 'user', name),
    groupId: (name) => require(groups, 'group', name),
  };
};
