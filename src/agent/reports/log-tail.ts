import { open, readdir, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { LogPosition } from './log-position.js';

export interface TailedLine {
  readonly text: string;
  readonly inode: string;
  /** Of the line's first byte. */
  readonly offset: number;
}

export interface TailedLines {
  readonly lines: readonly TailedLine[];
  /** Where reading goes on once these lines are done with. */
  readonly next: LogPosition;
}

const CHUNK_BYTES = 256 * 1024;
const NEWLINE = 10;

/**
 * Follows a log through rotation: a file that was renamed is read to its end before the new one is begun. Nothing
 * is kept in memory but one chunk; what is not read yet waits in the file.
 */
export class LogTail {
  private handle: FileHandle | null = null;
  private position: LogPosition | null;
  private ended = false;

  constructor(
    private readonly file: string,
    stored: LogPosition | null,
  ) {
    this.position = stored;
  }

  /** Whole lines from where `advance` left off; null when there is nothing new. */
  async read(): Promise<TailedLines | null> {
    const handle = await this.openHere();
    if (handle === null || this.position === null) return null;
    const { size } = await handle.stat();
    // Cut short in place (copytruncate): what was there is gone, and reading starts over.
    if (size < this.position.offset) this.position = { ...this.position, offset: 0 };
    const { offset, inode } = this.position;
    const chunk = Buffer.alloc(CHUNK_BYTES);
    const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, offset);
    const lines = splitLines(chunk.subarray(0, bytesRead), inode, offset);
    const last = lines.at(-1);
    if (last !== undefined) {
      this.ended = false;
      return { lines, next: { inode, offset: last.offset + Buffer.byteLength(last.text, 'latin1') + 1 } };
    }
    if (bytesRead === CHUNK_BYTES) return { lines: [], next: { inode, offset: offset + bytesRead } };
    return this.turnOver();
  }

  advance(next: LogPosition): void {
    this.position = next;
  }

  async close(): Promise<void> {
    await this.handle?.close();
    this.handle = null;
  }

  private async openHere(): Promise<FileHandle | null> {
    if (this.handle !== null) return this.handle;
    const current = await findInode(this.file);
    if (current === null) return null;
    const wanted = this.position?.inode;
    const rotated = wanted === undefined || wanted === current ? null : await this.findRotated(wanted);
    this.handle = await open(rotated ?? this.file, 'r');
    const inode = String((await this.handle.stat()).ino);
    if (inode !== wanted) this.position = { inode, offset: 0 };
    return this.handle;
  }

  /** At the end of a file that is no longer the current one: once more, since the writer may not have turned yet. */
  private async turnOver(): Promise<null> {
    const current = await findInode(this.file);
    if (current === null || current === this.position?.inode) return null;
    if (this.ended) {
      await this.close();
      this.position = { inode: current, offset: 0 };
    }
    this.ended = !this.ended;
    return null;
  }

  private async findRotated(inode: string): Promise<string | null> {
    const folder = path.dirname(this.file);
    const names = (await readdir(folder)).filter((name) => name.startsWith(`${path.basename(this.file)}.`));
    for (const name of names) {
      if ((await findInode(path.join(folder, name))) === inode) return path.join(folder, name);
    }
    return null;
  }
}

const findInode = async (file: string): Promise<string | null> => {
  try {
    return String((await stat(file)).ino);
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw fault;
  }
};

/** Bytes as latin1: positions stay bytes, and no sequence of them is refused. */
const splitLines = (chunk: Buffer, inode: string, start: number): TailedLine[] => {
  const lines: TailedLine[] = [];
  let begin = 0;
  for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, begin)) {
    lines.push({ text: chunk.toString('latin1', begin, end), inode, offset: start + begin });
    begin = end + 1;
  }
  return lines;
};
