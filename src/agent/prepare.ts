import { enginePaths, prepareCommands, type EngineSettings } from '#libs/engine-config';
import { Log } from '../platform/logging/log.js';
import { ensureBlankPair } from './directory/blank-pair.js';
import { readAccounts } from './engine/accounts.js';
import { runCommand } from './engine/engine-commands.js';
import { layConfiguration } from './engine/rendering.js';
import { DirectoryKeeper } from './feed/directory-keeper.js';
import { connectFeed } from './feed/feed-connection.js';
import { openWritebackFile } from './reports/writeback-file.js';

/**
 * Everything the daemons need before they start: folders, configuration, directory files. May be run again at any
 * time; with Postgres away the files stay as they are, and a node that has none yet gets blank ones.
 */
export const prepareNode = async (settings: EngineSettings, databaseUrl: string): Promise<void> => {
  layConfiguration(settings, readAccounts());
  const paths = enginePaths(settings);
  openWritebackFile(paths.writebackFile);
  await prepareDirectory(paths.directory, databaseUrl);
  for (const command of prepareCommands(settings)) await runCommand(command);
};

const prepareDirectory = async (folder: string, databaseUrl: string): Promise<void> => {
  const log = new Log('Prepare');
  const keeper = new DirectoryKeeper({ folder, keepOldMs: 0, reload: () => Promise.resolve() });
  await keeper.open();
  try {
    const client = await connectFeed(databaseUrl);
    await keeper.align(client);
    await client.end();
  } catch (fault) {
    log.warn('Postgres is out of reach: the directory stays as it is', { reason: String(fault) });
    await ensureBlankPair(folder);
  }
};
