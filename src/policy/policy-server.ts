import { createServer, type Server, type Socket } from 'node:net';
import { NO_OPINION } from './policy-answer.js';
import { policyAnswers, policyFaults, policySeconds } from './metrics.js';
import { PolicyRequestReader, type PolicyRequest } from './policy-request.js';

export type Answer = (request: PolicyRequest) => Promise<string>;

const ANSWER_LIMIT_MS = 1_000;
/** Far above the 300 s after which Postfix hangs up: a connection found closed costs it the answer. */
const IDLE_LIMIT_MS = 3_600_000;
const MOST_CONNECTIONS = 1_000;

/**
 * Policy delegation over TCP (SMTPD_POLICY_README). Requests of one connection are answered one after the other,
 * in their order. Whatever goes wrong is answered with "no opinion": this service never stops mail.
 */
export class PolicyServer {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  constructor(
    private readonly answer: Answer,
    private readonly onFault: (fault: unknown) => void,
  ) {
    this.server = createServer((socket) => this.serve(socket));
    this.server.maxConnections = MOST_CONNECTIONS;
  }

  async listen(host: string, port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, resolve);
    });
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const socket of this.sockets) socket.end();
    const force = setTimeout(() => this.sockets.forEach((socket) => socket.destroy()), ANSWER_LIMIT_MS);
    await closed;
    clearTimeout(force);
  }

  private serve(socket: Socket): void {
    const reader = new PolicyRequestReader();
    let turn: Promise<void> = Promise.resolve();
    this.sockets.add(socket);
    socket.setEncoding('latin1');
    socket.setTimeout(IDLE_LIMIT_MS, () => socket.destroy());
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: string) => {
      // No more is read until these are answered, so a client that only sends fills its own buffers.
      socket.pause();
      turn = turn.then(() => this.answerAll(socket, reader, chunk)).finally(() => socket.resume());
    });
  }

  private async answerAll(socket: Socket, reader: PolicyRequestReader, chunk: string): Promise<void> {
    try {
      for (const request of reader.push(chunk)) {
        const action = await this.answerOne(request);
        if (!socket.destroyed) socket.write(`action=${action}\n\n`);
      }
    } catch (fault) {
      policyFaults.inc({ kind: 'protocol' });
      this.onFault(fault);
      socket.destroy();
    }
  }

  private async answerOne(request: PolicyRequest): Promise<string> {
    const stop = policySeconds.startTimer();
    const action = await this.withLimit(request).catch((fault: unknown) => {
      policyFaults.inc({ kind: 'answer' });
      this.onFault(fault);
      return NO_OPINION;
    });
    stop();
    policyAnswers.inc({ answer: action === NO_OPINION ? 'no_opinion' : 'refused' });
    return action;
  }

  private async withLimit(request: PolicyRequest): Promise<string> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('The answer took too long.')), ANSWER_LIMIT_MS);
    });
    return Promise.race([this.answer(request), tooLate]).finally(() => clearTimeout(timer));
  }
}
