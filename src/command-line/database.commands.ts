import { environment } from '../platform/config/environment.js';
import { migrate, prepareServer } from '../platform/database/migrator.js';
import { type Call, type Command, Misuse } from './command.js';

/** Passwords and URLs come from the environment, so that they stand in no shell history. */
const fromEnvironment = (name: string): string => {
  const value = environment[name];
  if (!value) throw new Misuse(`Set ${name} in the environment.`);
  return value;
};

const passwordOf = (variable: string): string => {
  const password = new URL(fromEnvironment(variable)).password;
  if (!/^\w{8,}$/.test(password))
    throw new Misuse(`The password in ${variable} must have at least 8 letters, digits or underscores.`);
  return password;
};

const prepare: Command = {
  words: 'database prepare',
  does:
    'Makes the roles and the empty database. Needs LIVERY_ADMIN_DATABASE_URL of a database administrator, and ' +
    'LIVERY_OWNER_DATABASE_URL, LIVERY_DATABASE_URL and LIVERY_FEED_DATABASE_URL with the passwords to set.',
  options: {},
  async run({ print }: Call): Promise<void> {
    const owner = new URL(fromEnvironment('LIVERY_OWNER_DATABASE_URL'));
    await prepareServer(fromEnvironment('LIVERY_ADMIN_DATABASE_URL'), owner.pathname.slice(1), {
      owner: passwordOf('LIVERY_OWNER_DATABASE_URL'),
      app: passwordOf('LIVERY_DATABASE_URL'),
      feed: passwordOf('LIVERY_FEED_DATABASE_URL'),
    });
    print('Ready to migrate.');
  },
};

const migrateTables: Command = {
  words: 'database migrate',
  does: 'Brings the tables up to date, as the role in LIVERY_OWNER_DATABASE_URL.',
  options: {},
  async run({ print }: Call): Promise<void> {
    const ran = await migrate(fromEnvironment('LIVERY_OWNER_DATABASE_URL'));
    print(ran.length === 0 ? 'Nothing to do.' : `Ran ${ran.join(', ')}.`);
  },
};

export const databaseCommands: readonly Command[] = [prepare, migrateTables];
