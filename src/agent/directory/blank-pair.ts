import path from 'node:path';
import { FILE_NAMES } from './file-tables.js';
import {
  findCurrentGeneration,
  generationFile,
  highestGeneration,
  openForWriting,
  pointTo,
} from './generation.js';

/**
 * Files without tables, for a node that starts before it ever reached Postgres. Every look-up in them is an error,
 * which daemons answer with "try again later"; empty tables would answer "no such address", and mail be lost.
 */
export const ensureBlankPair = async (folder: string): Promise<void> => {
  for (const name of FILE_NAMES) {
    const place = path.join(folder, name);
    if ((await findCurrentGeneration(place)) !== null) continue;
    const generation = (await highestGeneration(place)) + 1;
    openForWriting(generationFile(place, generation));
    await pointTo(place, generation);
  }
};
