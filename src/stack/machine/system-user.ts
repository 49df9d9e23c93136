import { readFile } from 'node:fs/promises';

export interface SystemUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** One line of passwd(5). */
export function findUser(passwd: string, name: string): SystemUser | null {
  const line = passwd.split('\n').find((entry) => entry.startsWith(`${name}:`));
  if (line === undefined) return null;
  const fields = line.split(':');
  return { name, uid: Number(fields[2]), gid: Number(fields[3]) };
}

/** @throws when the machine has no such user; the examination names it before anything is started. */
export async function requireUser(name: string): Promise<SystemUser> {
  const user = findUser(await readFile('/etc/passwd', 'utf8'), name);
  if (user === null) throw new Error(`This machine has no user "${name}".`);
  return user;
}
