import { createHash } from 'node:crypto';
import { connect, createServer, type Server } from 'node:net';
import { text } from 'node:stream/consumers';

/**
 * One supervisor per folder. The claim is a socket in Linux's abstract name space: the kernel takes it back the
 * moment its holder dies, however it dies, so there is never a stale one to judge. Its holder tells its pid.
 */
export class FolderClaim {
  private constructor(private readonly server: Server) {}

  /** @throws a sentence for the person at the keyboard when another supervisor runs from the folder. */
  static async take(dataDir: string): Promise<FolderClaim> {
    const name = `\0livery-${createHash('sha256').update(dataDir).digest('hex')}`;
    const server = createServer((socket) => socket.end(String(process.pid)));
    try {
      await new Promise<void>((resolve, reject) => server.once('error', reject).listen(name, resolve));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      throw new FolderInUse(dataDir, await holderOf(name));
    }
    server.unref();
    return new FolderClaim(server);
  }

  async release(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }
}

class FolderInUse extends Error {
  constructor(dataDir: string, pid: string) {
    super(
      `A stack already runs from ${dataDir} (process ${pid}): stop that one with Ctrl-C, or choose another folder with LIVERY_DATA.`,
    );
  }
}

async function holderOf(name: string): Promise<string> {
  const socket = connect(name);
  return text(socket).catch(() => 'just ended');
}
