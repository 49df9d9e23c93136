/*
 * The whole configuration of one engine node (Postfix, Dovecot, Rspamd, ClamAV), rendered from one typed object:
 * files, folders, the commands that run the daemons in the foreground, and what makes them read their files again.
 * Everything is asked of the directory files (#libs/directory-file), nothing of Postgres.
 * It writes nothing and starts nothing; README.md tells what each file is for and why it says what it says.
 */
export { testSignatures } from './clamav/clamav.js';
export { renderEngine } from './engine.js';
export { engineFolders } from './folders.js';
export { enginePaths } from './paths.js';
export {
  engineProcesses,
  prepareCommands,
  reloadCommands,
  type EngineCommand,
  type EngineProcess,
} from './processes.js';
export type { EngineFolder, EngineSettings, RenderedFile } from './settings.js';
export { judgeEngineVersions, type EngineVersions } from './versions.js';
