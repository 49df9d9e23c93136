import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import {
  engineFolders,
  renderEngine,
  type EngineFolder,
  type EngineSettings,
  type RenderedFile,
} from '#libs/engine-config';
import type { Accounts } from './accounts.js';

/** Makes the folders and writes the configuration of the node. What is right already is left alone. */
export const layConfiguration = (settings: EngineSettings, accounts: Accounts): void => {
  for (const folder of engineFolders(settings)) ensureFolder(folder, accounts);
  for (const file of renderEngine(settings)) ensureFile(file, accounts);
};

const ensureFolder = ({ path, mode, owner, group }: EngineFolder, accounts: Accounts): void => {
  mkdirSync(path, { recursive: true });
  const held = statSync(path);
  const [uid, gid] = [accounts.userId(owner), accounts.groupId(group)];
  if (held.uid !== uid || held.gid !== gid) chownSync(path, uid, gid);
  // After the change of owner, which clears the set-gid bit.
  if ((statSync(path).mode & 0o7777) !== mode) chmodSync(path, mode);
};

const ensureFile = (file: RenderedFile, accounts: Accounts): void => {
  const { path, text, mode, owner, group } = file;
  const [uid, gid] = [accounts.userId(owner), accounts.groupId(group)];
  if (existsSync(path) && readFileSync(path, 'utf8') === text) {
    chownSync(path, uid, gid);
    chmodSync(path, mode);
    return;
  }
  const waiting = `${path}.next`;
  writeFileSync(waiting, text, { mode: 0o600 });
  chownSync(waiting, uid, gid);
  chmodSync(waiting, mode);
  renameSync(waiting, path);
};
