/** Attributes of one request (SMTPD_POLICY_README); unknown ones are kept, repeated ones take the first value. */
export type PolicyRequest = ReadonlyMap<string, string>;

/** The client sent something that is not this protocol, or too much of it. */
export class PolicyProtocolError extends Error {}

const MOST_REQUEST_BYTES = 64 * 1024;
const MOST_ATTRIBUTES = 200;

/**
 * Cuts a stream into requests: lines "name=value", ended by an empty line. Holds at most one unfinished request.
 */
export class PolicyRequestReader {
  private rest = '';

  /** @throws PolicyProtocolError; the connection is then past saving. */
  push(chunk: string): PolicyRequest[] {
    const parts = (this.rest + chunk).split('\n\n');
    this.rest = parts.pop() ?? '';
    if ([...parts, this.rest].some((part) => part.length > MOST_REQUEST_BYTES)) {
      throw new PolicyProtocolError('The request is too long.');
    }
    return parts.map(readAttributes);
  }
}

const readAttributes = (text: string): PolicyRequest => {
  const lines = text.split('\n').filter((line) => line !== '');
  if (lines.length > MOST_ATTRIBUTES) throw new PolicyProtocolError('The request has too many attributes.');
  const request = new Map<string, string>();
  for (const line of lines) {
    const at = line.indexOf('=');
    if (at <= 0) throw new PolicyProtocolError('A line of the request is not "name=value".');
    const name = line.slice(0, at);
    if (!request.has(name)) request.set(name, line.slice(at + 1));
  }
  return request;
};
