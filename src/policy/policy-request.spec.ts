import { describe, expect, it } from 'vitest';
import { PolicyProtocolError, PolicyRequestReader } from './policy-request.js';

const REQUEST = 'request=smtpd_access_policy\nprotocol_state=RCPT\nsasl_username=anna@lindqvist.example\n\n';

describe('PolicyRequestReader', () => {
  it('reads a request cut at any place', () => {
    for (let at = 0; at <= REQUEST.length; at += 1) {
      const reader = new PolicyRequestReader();
      const requests = [...reader.push(REQUEST.slice(0, at)), ...reader.push(REQUEST.slice(at))];
      expect(requests).toHaveLength(1);
      expect(requests[0]?.get('sasl_username')).toBe('anna@lindqvist.example');
    }
  });

  it('reads several requests that came together', () => {
    expect(new PolicyRequestReader().push(REQUEST.repeat(3))).toHaveLength(3);
  });

  it('keeps "=" in values and takes the first of a repeated name', () => {
    const [request] = new PolicyRequestReader().push('sender=a=b@x.example\nsender=c@x.example\n\n');
    expect(request?.get('sender')).toBe('a=b@x.example');
  });

  it.each([
    ['a line without a name', '=x\n\n'],
    ['a line that is no attribute', 'hello\n\n'],
    ['too many attributes', `${'a=b\n'.repeat(300)}\n`],
    ['too long a request', 'a'.repeat(70_000)],
  ])('refuses %s', (_what, text) => {
    expect(() => new PolicyRequestReader().push(text)).toThrow(PolicyProtocolError);
  });
});
