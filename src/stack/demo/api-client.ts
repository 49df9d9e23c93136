import { createHash } from 'node:crypto';
import { request } from 'node:https';
import type { StackSettings } from '../settings.js';

/** Who asks, and at which host: the API tells its houses apart by name. */
export interface Caller {
  readonly host: string;
  /** An API key or a session's token. */
  readonly key?: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly text: string;
}

/** Speaks to the web process of a stack by any of its host names, trusting the stack's own authority. */
export class ApiClient {
  constructor(
    private readonly settings: StackSettings,
    private readonly authority: string,
    private readonly caller: Caller,
  ) {}

  as(caller: Caller): ApiClient {
    return new ApiClient(this.settings, this.authority, caller);
  }

  /** The answer as it is, whatever its status. */
  ask(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<ApiAnswer> {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          host: '127.0.0.1',
          port: this.settings.ports.web,
          servername: this.caller.host,
          ca: this.authority,
          method,
          path: `/api/v1${path}`,
          headers: {
            host: `${this.caller.host}:${this.settings.ports.web}`,
            ...(payload !== undefined && { 'content-type': 'application/json' }),
            ...(this.caller.key !== undefined && { authorization: `Bearer ${this.caller.key}` }),
            ...headers,
          },
        },
        (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString() }),
          );
          response.on('error', reject);
        },
      );
      sent.on('error', reject);
      sent.end(payload);
    });
  }

  get<T>(path: string): Promise<T> {
    return this.insist<T>('GET', path);
  }

  /** A write with a key made of itself: said twice within a day, it happens once and answers the same. */
  post<T>(path: string, body?: unknown): Promise<T> {
    const key = createHash('sha256')
      .update(JSON.stringify([path, body]))
      .digest('hex');
    return this.insist<T>('POST', path, body, { 'idempotency-key': key });
  }

  private async insist<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<T> {
    const { status, text } = await this.ask(method, path, body, headers);
    if (status >= 300) throw new Error(`${method} ${path} answered ${status}: ${text}`);
    return (text === '' ? null : JSON.parse(text)) as T;
  }
}
