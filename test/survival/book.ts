import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';

const { O_APPEND, O_CREAT, O_DSYNC, O_WRONLY } = constants;

/** Lines on disk before the writer goes on, so that what it was promised survives whatever happens to it. */
export class Book<T> {
  private readonly handle: number;

  constructor(private readonly file: string) {
    this.handle = openSync(file, O_WRONLY | O_CREAT | O_APPEND | O_DSYNC, 0o600);
  }

  write(line: T): void {
    writeSync(this.handle, `${JSON.stringify(line)}\n`);
  }

  /** As they are on disk. */
  read(): T[] {
    return readFileSync(this.file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as T);
  }

  close(): void {
    closeSync(this.handle);
  }
}
