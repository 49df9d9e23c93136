import { mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';

const LARGEST_LOG_BYTES = 20 * 1024 * 1024;
const TAIL_LINES = 15;

/** Output of one service: `<dataDir>/log/<name>.log`. At a start a large file is put aside as `.1`. */
export class ServiceLog {
  readonly file: string;

  constructor(dataDir: string, name: string) {
    this.file = path.join(dataDir, 'log', `${name}.log`);
  }

  async open(): Promise<FileHandle> {
    await mkdir(path.dirname(this.file), { recursive: true });
    const size = await stat(this.file).then(
      (found) => found.size,
      () => 0,
    );
    if (size > LARGEST_LOG_BYTES) await rename(this.file, `${this.file}.1`);
    return open(this.file, 'a');
  }

  /** The end of the log, for an error message. */
  async tail(): Promise<string> {
    const text = await readFile(this.file, 'utf8');
    return text.trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
  }
}
