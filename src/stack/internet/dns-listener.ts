import type { Socket } from 'node:net';
import { createTCPServer, createUDPServer, type Packet, type TCPServer, type UDPServer } from 'dns2';

export type DnsAnswerer = (request: Packet) => Packet | null;

/** One address and port answered over UDP and TCP. An answerer that gives null leaves the question unanswered. */
export class DnsListener {
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly udp: UDPServer,
    private readonly tcp: TCPServer,
  ) {
    tcp.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  /** @throws with `EADDRINUSE` or `EACCES` as code when the port cannot be had. */
  static async open(address: string, port: number, answer: DnsAnswerer): Promise<DnsListener> {
    const respond = (request: Packet, send: (response: Packet) => unknown): void => {
      const response = answer(request);
      // A client that has gone by now is its own loss; the next question is served.
      if (response !== null) void Promise.resolve(send(response)).catch(() => undefined);
    };
    const listener = new DnsListener(createUDPServer(respond), createTCPServer(respond));
    await listener.listen(address, port);
    return listener;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await Promise.all([
      new Promise<void>((resolve) => this.udp.close(resolve)),
      new Promise<void>((resolve) => this.tcp.close(() => resolve())),
    ]);
  }

  private async listen(address: string, port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.udp.once('error', reject);
      void this.udp.listen(port, address).then(resolve);
    });
    try {
      await new Promise<void>((resolve, reject) => {
        this.tcp.once('error', reject);
        this.tcp.listen(port, address, resolve);
      });
    } catch (error) {
      this.udp.close();
      throw error;
    }
    // Errors of single conversations from here on; an unheard one would end the process.
    this.udp.on('error', () => undefined);
    this.tcp.on('error', () => undefined);
  }
}
