import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const Position = z.object({ inode: z.string(), offset: z.int().min(0) });

/** How far a log was read: the file, which rotation renames, and the first byte not yet shipped. */
export type LogPosition = z.infer<typeof Position>;

/** Null when there is none, or when what is there is not one: the log is then read from its beginning. */
export const readPositionFile = (file: string): LogPosition | null => {
  try {
    return Position.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (fault) {
    const { code } = fault as NodeJS.ErrnoException;
    if (code === 'ENOENT' || fault instanceof SyntaxError || fault instanceof z.ZodError) return null;
    throw fault;
  }
};

export const writePositionFile = (file: string, position: LogPosition): void => {
  writeFileSync(`${file}.next`, JSON.stringify(position), { mode: 0o600 });
  renameSync(`${file}.next`, file);
};
