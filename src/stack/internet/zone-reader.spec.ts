import { describe, expect, it } from 'vitest';
import { readZone } from './zone-reader.js';

const zone = String.raw`$ORIGIN fjordnet.example.
$TTL 300
; comment ( with a parenthesis
@   IN SOA ns.sandbox.example. hostmaster (
        7 ; serial
        60 60 3600 1 )
    IN MX 10 mx
mx  60 IN A 127.0.0.1
a   CNAME  mx
txt TXT "v=spf1; -all" " tail \"q\" (x)"
key 300 IN TXT ( "part one"
   " part two" )
old IN HINFO "a" "b"
`;

describe('reading a zone file', () => {
  it('reads origins, owners left out, parentheses, comments and quoted strings', () => {
    expect(readZone(zone)).toEqual([
      {
        name: 'fjordnet.example',
        type: 'SOA',
        value: 'ns.sandbox.example hostmaster.fjordnet.example 7 60 60 3600 1',
      },
      { name: 'fjordnet.example', type: 'MX', value: '10 mx.fjordnet.example' },
      { name: 'mx.fjordnet.example', type: 'A', value: '127.0.0.1' },
      { name: 'a.fjordnet.example', type: 'CNAME', value: 'mx.fjordnet.example' },
      { name: 'txt.fjordnet.example', type: 'TXT', value: 'v=spf1; -all tail "q" (x)' },
      { name: 'key.fjordnet.example', type: 'TXT', value: 'part one part two' },
    ]);
  });

  it.each(['a.example.', 'a.example. IN', 'a. TXT ( "x"'])('refuses %s', (text) => {
    expect(() => readZone(text)).toThrow();
  });
});
